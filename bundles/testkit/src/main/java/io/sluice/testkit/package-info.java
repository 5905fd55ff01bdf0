/**
 * What tests of backends and of the gateway share. A backend of somebody else is tried like those of the gateway: its test
 * subclasses {@code BackstoreContractTest}. The package needs the API and JUnit 4 and nothing else.
 */
package io.sluice.testkit;
