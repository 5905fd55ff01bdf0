package io.sluice.backstore.memory;

import java.util.concurrent.atomic.AtomicLong;

/** What all memory backstores together may take, so that they leave the process some. Thread-safe. */
final class MemoryBudget {

    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    MemoryBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Half of what the process may have: the rest is for transfers. */
    static MemoryBudget ofProcess() {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / 2);
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
