package io.sluice.scsi.internal.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Does asynchronous work one after the other, in the order in which it was added: the next begins when the stage of the one
 * before has completed. Nobody waits, no lock is held meanwhile, and work that is done at once takes no stack. Thread-safe.
 */
public final class SerialQueue {

    /** Guarded by this. */
    private final Deque<Work<?>> waiting = new ArrayDeque<>();

    /** Whether some work is under way; guarded by this. */
    private boolean busy;

    /**
     * Adds work.
     *
     * @param work begins it; what it throws fails the stage
     * @return completes as the work's own stage does
     */
    public <T> CompletionStage<T> add(Supplier<CompletionStage<T>> work) {
        Work<T> added = new Work<>(work);
        synchronized (this) {
            waiting.add(added);
            if (busy) {
                return added.result;
            }
            busy = true;
        }
        run();
        return added.result;
    }

    private void run() {
        while (true) {
            Work<?> next;
            synchronized (this) {
                next = waiting.poll();
                if (next == null) {
                    busy = false;
                    return;
                }
            }
            if (!next.isOver()) {
                return;
            }
            next.tell();
        }
    }

    /** One piece of work. */
    private final class Work<T> extends AtomicInteger implements BiConsumer<T, Throwable> {

        private static final long serialVersionUID = 1L;
        private static final int WAITING = 1;
        private static final int OVER = 2;

        private final transient Supplier<CompletionStage<T>> work;
        private final transient CompletableFuture<T> result = new CompletableFuture<>();
        private transient T value;
        private Throwable failure;

        private Work(Supplier<CompletionStage<T>> work) {
            this.work = work;
        }

        /** Begins; returns whether it is over already. Otherwise the queue goes on when it is. */
        private boolean isOver() {
            try {
                work.get().whenComplete(this);
            } catch (Throwable thrown) {
                accept(null, thrown);
            }
            return !compareAndSet(0, WAITING);
        }

        @Override
        public void accept(T done, Throwable failed) {
            if (get() == OVER) {
                return;
            }
            value = done;
            failure = failed;
            if (getAndSet(OVER) == WAITING) {
                tell();
                run();
            }
        }

        private void tell() {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        }
    }
}
