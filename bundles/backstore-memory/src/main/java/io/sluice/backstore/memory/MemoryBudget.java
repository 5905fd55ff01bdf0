package io.sluice.backstore.memory;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all open memory backstores together may take, so that they leave the process some. Thread-safe. */
final class MemoryBudget {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);

    private static final long TRANSFER_BYTES = 512L << 20;
    private static final int MEBIBYTE_SHIFT = 20;

    private final long limitBytes;
    private final AtomicLong takenBytes = new AtomicLong();

    MemoryBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** What direct memory the process may have, less what transfers need. */
    static MemoryBudget ofProcess() {
        return new MemoryBudget(withoutTransfers(maximumDirectMemory()));
    }

    /** Leaves transfers a quarter, at least 512 MiB; but never more than half, so that a small process can have a store. */
    static long withoutTransfers(long directBytes) {
        return directBytes - Math.max(directBytes / 4, Math.min(directBytes / 2, TRANSFER_BYTES));
    }

    /** Returns -XX:MaxDirectMemorySize; without it, the virtual machine takes the limit of the heap. */
    static long maximumDirectMemory() {
        try {
            CompositeData option = (CompositeData) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
                            "getVMOption",
                            new Object[] {"MaxDirectMemorySize"},
                            new String[] {String.class.getName()});
            long bytes = Long.parseLong((String) option.get("value"));
            return bytes > 0 ? bytes : Runtime.getRuntime().maxMemory();
        } catch (JMException | RuntimeException unknown) {
            LOG.info("memory backstores take the limit of the heap for that of direct memory: {}", unknown.toString());
            return Runtime.getRuntime().maxMemory();
        }
    }

    /** Returns what is left. */
    long leftBytes() {
        return limitBytes - takenBytes.get();
    }

    /** Takes bytes, or none and returns false if there are not so many left. */
    boolean take(long bytes) {
        long before;
        do {
            before = takenBytes.get();
            if (bytes > limitBytes - before) {
                return false;
            }
        } while (!takenBytes.compareAndSet(before, before + bytes));
        return true;
    }

    void giveBack(long bytes) {
        takenBytes.addAndGet(-bytes);
    }

    /** Returns the line for who has asked for more than is left. */
    String refusal() {
        return "of the " + (limitBytes >> MEBIBYTE_SHIFT) + "M that all memory backstores together have, "
                + (leftBytes() >> MEBIBYTE_SHIFT)
                + "M are left: ask for less, delete another one, or start the gateway with more SLUICE_DIRECT_MEMORY";
    }
}
