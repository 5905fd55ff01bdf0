package io.sluice.backstore.memory;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all memory backstores together may take, so that they leave the process some. Thread-safe. */
final class MemoryBudget {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);

    private static final long TRANSFER_BYTES = 512L << 20;

    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();

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

    long limitBytes() {
        return limitBytes;
    }

    /** Takes bytes, or none and returns false if there are not so many left. */
    boolean take(long bytes) {
        if (usedBytes.addAndGet(bytes) <= limitBytes) {
            return true;
        }
        giveBack(bytes);
        return false;
    }

    void giveBack(long bytes) {
        usedBytes.addAndGet(-bytes);
    }
}
