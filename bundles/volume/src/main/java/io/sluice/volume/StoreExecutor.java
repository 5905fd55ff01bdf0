package io.sluice.volume;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what one store has to do that waits, on no more than {@link #THREADS} of the threads that all stores share: one that hangs
 * takes none that another needs.
 */
final class StoreExecutor implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger(StoreExecutor.class);

    static final int THREADS = 16;

    /** As many as a store has however many there are already. */
    static final int FEW = 4;

    static final int QUEUE = 16_384;

    private final String threadName;
    private final StoreThreads threads;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;
    private boolean closed;

    /**
     * @param store name of the store, which threads have in their names while they are its own
     * @param threads where they come from
     */
    StoreExecutor(String store, StoreThreads threads) {
        this.threads = threads;
        threadName = "sluice-store-" + store;
    }

    /**
     * Runs an action soon; any thread may call.
     *
     * @throws RejectedExecutionException if {@link #QUEUE} others wait already, if there is no thread for it, or after
     *     {@link #close}
     */
    @Override
    public synchronized void execute(Runnable action) {
        if (closed || waiting.size() >= QUEUE) {
            throw new RejectedExecutionException(threadName + (closed ? " has ended" : " has too much to do"));
        }
        waiting.add(action);
        if (running < FEW || running < THREADS && !threads.crowded()) {
            begin(action);
        }
    }

    /** Without a thread more, those that there are do it. */
    private void begin(Runnable action) {
        try {
            threads.execute(this::work);
            running++;
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            if (running == 0) {
                waiting.remove(action);
                throw new RejectedExecutionException("there is no thread for " + threadName, noThread);
            }
        }
    }

    private void work() {
        Thread thread = Thread.currentThread();
        if (!threadName.equals(thread.getName())) {
            thread.setName(threadName);
        }
        for (Runnable action = next(); action != null; action = next()) {
            forget(thread);
            try {
                action.run();
            } catch (Throwable failure) {
                LOG.error("{} has an action that fails", threadName, failure);
            }
        }
    }

    /** What an action of a plug-in has left behind would be an interrupt, or a dead class, for the next one. */
    private static void forget(Thread thread) {
        Thread.interrupted();
        thread.setContextClassLoader(StoreExecutor.class.getClassLoader());
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
