package io.sluice.volume;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for what stores do that waits, shared by all stores of a gateway: a thousand of them that are asked something now and
 * then make do with a few. Nobody interrupts one that does something: that would close a file under everybody who uses it.
 * Thread-safe.
 */
public final class StoreThreads implements AutoCloseable {

    private static final int IDLE_SECONDS = 30;

    /**
     * With so many, a store gets no more than a few: thousands of disks that hang together with one file server shall not take all
     * that a process may have.
     */
    private static final int CROWD = 1024;

    private volatile ThreadPoolExecutor threads = pool();

    /** Gives work to the thread that has been idle for the shortest time, and begins one only if none is idle. */
    private static ThreadPoolExecutor pool() {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), StoreThreads::thread);
    }

    private static Thread thread(Runnable action) {
        Thread thread = new Thread(null, action, "sluice-store", 0, false);
        thread.setDaemon(true);
        return thread;
    }

    void execute(Runnable action) {
        threads.execute(action);
    }

    /** Returns whether there are so many that no store needs more than a few. */
    boolean crowded() {
        return threads.getPoolSize() >= CROWD;
    }

    /** A bundle has gone: threads end that may keep something of its classes, as soon as they have nothing to do. */
    public synchronized void renew() {
        ThreadPoolExecutor former = threads;
        threads = pool();
        former.setKeepAliveTime(0, TimeUnit.SECONDS);
    }

    /** Has each thread end as soon as it has nothing to do, since stores that hang may still close when all else has ended. */
    @Override
    public synchronized void close() {
        threads.setKeepAliveTime(0, TimeUnit.SECONDS);
    }
}
