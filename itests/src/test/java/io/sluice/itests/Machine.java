package io.sluice.itests;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** The machine that the tests run on, which may do something else as well. */
final class Machine {

    private Machine() {}

    /** Returns how many want each processor, us among them: 1 on a machine that does nothing else. */
    static double share() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return Math.max(1, system.getSystemLoadAverage() / system.getAvailableProcessors());
    }
}
