package io.sluice.volume;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs what one store has to do that waits. Threads are shared by all stores, so that thousands of them which are asked something
 * now and then make do with a few; no store has more than {@link #THREADS} at a time, so that one that hangs takes none that
 * another needs.
 */
final class StoreExecutor implements Executor {

    static final int THREADS = 16;
    static final int QUEUE = 16_384;

    private static final int IDLE_SECONDS = 30;

    /** Gives work to the thread that has been idle for the shortest time, and begins one only if none is idle. */
    private static final ThreadPoolExecutor SHARED = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), StoreExecutor::thread);

    private final String threadName;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;
    private boolean closed;

    /** @param store name of the store, which its threads have in their names */
    StoreExecutor(String store) {
        threadName = "sluice-store-" + store;
    }

    /** Threads outlive the store that they were begun for: they keep nothing of who began them. */
    private static Thread thread(Runnable action) {
        Thread thread = new Thread(action, "sluice-store");
        thread.setDaemon(true);
        thread.setContextClassLoader(StoreExecutor.class.getClassLoader());
        return thread;
    }

    /**
     * Runs an action soon; any thread may call.
     *
     * @throws RejectedExecutionException if {@link #QUEUE} others wait already, or after {@link #close}
     */
    @Override
    public void execute(Runnable action) {
        synchronized (this) {
            if (closed || waiting.size() >= QUEUE) {
                throw new RejectedExecutionException(threadName + (closed ? " has ended" : " has too much to do"));
            }
            waiting.add(action);
            if (running == THREADS) {
                return;
            }
            running++;
        }
        try {
            SHARED.execute(this::work);
        } catch (Throwable noThread) {
            withdraw(action, noThread);
        }
    }

    /** What others of its threads have begun meanwhile, or will, is done all the same. */
    private synchronized void withdraw(Runnable action, Throwable noThread) {
        running--;
        if (running == 0 && waiting.remove(action)) {
            throw new RejectedExecutionException(threadName + " has no thread", noThread);
        }
    }

    private void work() {
        Thread thread = Thread.currentThread();
        if (!threadName.equals(thread.getName())) {
            thread.setName(threadName);
        }
        for (Runnable action = next(); action != null; action = next()) {
            try {
                action.run();
            } catch (Throwable failure) {
                thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
            }
        }
    }

    private synchronized Runnable next() {
        Runnable action = waiting.poll();
        if (action == null) {
            running--;
        }
        return action;
    }

    /** Takes nothing any more; what it has is still done. */
    synchronized void close() {
        closed = true;
    }
}
