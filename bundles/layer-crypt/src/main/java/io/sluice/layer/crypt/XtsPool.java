package io.sluice.layer.crypt;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Ciphers of one data key, with a buffer each: a few are kept for whoever comes next. Thread-safe. */
final class XtsPool {

    private static final int KEPT = 8;

    /** A cipher and the bytes that it works on. */
    final class Worker {
        private final Xts xts;
        private final byte[] work = new byte[Xts.CHUNK];

        private Worker() {
            xts = new Xts(key);
        }

        Xts xts() {
            return xts;
        }

        byte[] work() {
            return work;
        }

        void giveBack() {
            if (kept.incrementAndGet() <= KEPT && !wiped) {
                idle.add(this);
            } else {
                kept.decrementAndGet();
            }
        }
    }

    private final byte[] key;
    private final ConcurrentLinkedQueue<Worker> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kept = new AtomicInteger();
    private volatile boolean wiped;

    /** @param key both keys; not copied, and wiped by {@link #wipe} */
    XtsPool(byte[] key) {
        this.key = key;
    }

    /** Returns a cipher that nobody else uses until it is given back; null if the key was forgotten. */
    Worker take() {
        Worker worker = idle.poll();
        if (worker == null) {
            return made();
        }
        kept.decrementAndGet();
        return worker;
    }

    private synchronized Worker made() {
        return wiped ? null : new Worker();
    }

    byte[] key() {
        return key;
    }

    /** Forgets the key. Who comes later gets nothing, and above all no cipher of a key that is all zeros. */
    synchronized void wipe() {
        wiped = true;
        idle.clear();
        Arrays.fill(key, (byte) 0);
    }
}
