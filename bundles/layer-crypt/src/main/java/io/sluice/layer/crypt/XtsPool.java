package io.sluice.layer.crypt;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Ciphers of one data key, with a buffer each: a few are kept for whoever comes next. Thread-safe. */
final class XtsPool {

    private static final int KEPT = 8;

    /** A cipher and the bytes that it works on. */
    static final class Worker {
        private final Xts xts;
        private final byte[] work = new byte[Xts.CHUNK];

        private Worker(byte[] key) {
            xts = new Xts(key);
        }

        Xts xts() {
            return xts;
        }

        byte[] work() {
            return work;
        }
    }

    private final byte[] key;
    private final ConcurrentLinkedQueue<Worker> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kept = new AtomicInteger();

    /** @param key both keys; not copied, and wiped by {@link #wipe} */
    XtsPool(byte[] key) {
        this.key = key;
    }

    Worker take() {
        Worker worker = idle.poll();
        if (worker == null) {
            return new Worker(key);
        }
        kept.decrementAndGet();
        return worker;
    }

    void giveBack(Worker worker) {
        if (kept.incrementAndGet() <= KEPT) {
            idle.add(worker);
        } else {
            kept.decrementAndGet();
        }
    }

    byte[] key() {
        return key;
    }

    /** Forgets the key; nobody may come any more. */
    void wipe() {
        idle.clear();
        Arrays.fill(key, (byte) 0);
    }
}
