package io.sluice.itests;

import org.junit.runner.RunWith;
import org.junit.runners.Suite;

/** All classes that share one container. */
@RunWith(Suite.class)
@Suite.SuiteClasses(ContainerTest.class)
public class AllContainerTests {}
