package io.sluice.management;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Something beside the gateway that may have trouble, found as a service. What it says is among the problems of the gateway. */
@ConsumerType
public interface ProblemSource {

    /** Returns what does not work now and what to do, one line each; empty when all is well. Never waits; any thread may call. */
    List<String> problems();
}
