package io.sluice.manager;

import io.sluice.config.ConfigException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of the gateway on which changes are made, one after the other. Whoever waits for one may be interrupted, by Ctrl-C
 * at the console for example, and that never reaches a file or a store.
 */
final class Changes {

    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    private final Duration limit;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, action -> {
        Thread made = new Thread(action, "sluice-manager");
        made.setDaemon(true);
        return made;
    });

    /** @param limit how long someone waits for a change */
    Changes(Duration limit) {
        this.limit = limit;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Has something done when its turn has come. */
    <T> CompletableFuture<T> submit(Callable<T> change) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    result.complete(change.call());
                } catch (Throwable failure) {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(new ConfigException("the gateway is stopping", closed));
        }
        return result;
    }

    /** Has something done later, unless the gateway stops before. */
    void schedule(Runnable action, Duration delay) {
        try {
            thread.schedule(
                    () -> {
                        try {
                            action.run();
                        } catch (RuntimeException | Error bug) {
                            LOG.error("a bug", bug);
                        }
                    },
                    delay.toNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("nothing is tried again any more");
        }
    }

    /**
     * Waits for a change.
     *
     * @param what what is being done, as {@code deleting backstore disk0}
     * @throws ConfigException if it failed, or is still going on
     */
    <T> T await(CompletionStage<T> change, String what) throws ConfigException {
        try {
            return change.toCompletableFuture().get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException slow) {
            throw new ConfigException(
                    what + " is still going on after " + limit.toSeconds()
                            + " s: lists and gateway:status show when it is done",
                    slow);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ConfigException(what + " goes on, but nobody waits for it", interrupted);
        } catch (ExecutionException failed) {
            throw failure(failed.getCause());
        }
    }

    private static ConfigException failure(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ConfigException refused) {
            return refused;
        }
        if (cause instanceof Exception && cause.getClass() == IllegalArgumentException.class) {
            return new ConfigException(cause.getMessage(), cause);
        }
        LOG.error("a change met a bug", cause);
        return new ConfigException("a bug, the log has more: " + cause, cause);
    }

    /** Takes no change any more, and waits a while for the one that is being made. */
    void close(Duration atMost) {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.error("a change is still being made, and not awaited any more");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
