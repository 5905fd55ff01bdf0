package io.sluice.manager;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for what has to end, but not for ever: a store that hangs shall not hang the gateway. Thread-safe. */
final class Drains implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Drains.class);
    private static final int IDLE_SECONDS = 5;

    private final ExecutorService threads = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), action -> {
                Thread thread = new Thread(action, "sluice-manager-drain");
                thread.setDaemon(true);
                return thread;
            });

    /** Does something that may block, on a thread that it may keep. */
    CompletableFuture<Void> run(Runnable action) {
        try {
            return CompletableFuture.runAsync(action, threads);
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            return CompletableFuture.failedFuture(noThread);
        }
    }

    /**
     * Returns a stage that always succeeds: when another ends, or when the time is over.
     *
     * @param what what is waited for, for the log
     */
    static CompletableFuture<Void> within(CompletionStage<?> stage, Duration limit, String what) {
        CompletableFuture<Object> waiter = new CompletableFuture<>();
        stage.whenComplete((done, failure) -> {
            if (failure == null) {
                waiter.complete(done);
            } else {
                waiter.completeExceptionally(failure);
            }
        });
        return waiter.orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS).handle((done, failure) -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof TimeoutException) {
                LOG.error("{}: not over after {} seconds, and not awaited any more", what, limit.toSeconds());
            } else if (cause != null) {
                LOG.error("{}: {}", what, String.valueOf(cause.getMessage()), cause);
            }
            return null;
        });
    }

    /** Waits for a stage of {@link #within}. */
    static void await(CompletableFuture<Void> bounded) {
        bounded.join();
    }

    static CompletableFuture<Void> all(Collection<? extends CompletionStage<?>> stages) {
        return CompletableFuture.allOf(
                stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
