package io.sluice.manager;

import io.sluice.backstore.BackstoreException;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.management.Difference;
import io.sluice.management.Gateway;
import io.sluice.manager.history.Author;
import io.sluice.manager.job.Job;
import io.sluice.manager.job.Jobs;
import io.sluice.manager.job.Work;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of the gateway on which changes are made, one after the other. Whoever waits for one may be interrupted, by Ctrl-C
 * at the console for example, and that never reaches a file or a store.
 */
final class Changes {

    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    private final Duration limit;
    private final Jobs jobs;
    private final ThreadLocal<Duration> chosen = new ThreadLocal<>();
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, action -> {
        Thread made = new Thread(action, "sluice-manager");
        made.setDaemon(true);
        return made;
    });

    /**
     * @param limit how long someone waits for a change who has not said
     * @param jobs has what goes on
     */
    Changes(Duration limit, Jobs jobs) {
        this.limit = limit;
        this.jobs = jobs;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Has something done when its turn has come, for the author for whom the calling thread works. */
    <T> CompletableFuture<T> submit(Callable<T> change) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Author author = Author.current();
        try {
            thread.execute(() -> {
                try {
                    result.complete(author.call(change));
                } catch (Throwable failure) {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(
                    new ConfigException(ConfigException.Kind.STOPPING, "the gateway is stopping", closed));
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

    /** Makes a change of which this thread waits no longer than it says. */
    <T> T within(Duration atMost, Gateway.Change<T> change) throws ConfigException {
        chosen.set(atMost);
        try {
            return change.make();
        } finally {
            chosen.remove();
        }
    }

    /**
     * Waits for a change.
     *
     * @param what what is being done, as {@code deleting backstore disk0}
     * @throws ConfigException if it failed, or is still going on
     */
    <T> T await(CompletionStage<T> change, String what) throws ConfigException {
        return await(change, what, Work.PLAIN);
    }

    /** As the other one; more is known of the work. */
    <T> T await(CompletionStage<T> change, String what, Work work) throws ConfigException {
        Duration patience = chosen.get() == null ? limit : chosen.get();
        CompletableFuture<T> awaited = change.toCompletableFuture();
        Job job = jobs.begin(what, Author.current(), awaited.thenApply(Changes::result), work);
        try {
            return awaited.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException slow) {
            return goesOn(awaited, job, what + " is still going on after " + patience.toSeconds() + " s");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return goesOn(awaited, job, what + " goes on, but nobody waits for it");
        } catch (ExecutionException failed) {
            throw failure(failed.getCause());
        }
    }

    /**
     * Has a change fail with what its user is told.
     *
     * @param line makes the line of what storage has said
     */
    static <T> CompletionStage<T> told(CompletionStage<T> change, UnaryOperator<String> line) {
        return change.exceptionallyCompose(failure -> {
            Throwable cause = forUser(failure);
            return CompletableFuture.failedFuture(
                    cause instanceof BackstoreException
                            ? new ConfigException(line.apply(cause.getMessage()), cause)
                            : cause);
        });
    }

    private static Throwable forUser(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Returns the result if it has come meanwhile. */
    private static <T> T goesOn(CompletableFuture<T> awaited, Job job, String line) throws ConfigException {
        if (job.tell()) {
            throw ConfigException.goesOn(job.id(), line + ": gateway:jobs shows it as job " + job.id());
        }
        try {
            return awaited.join();
        } catch (CompletionException | CancellationException failed) {
            throw failure(failed);
        }
    }

    /** Returns what a change has come to, one line. */
    private static String result(Object value) {
        if (value instanceof BackstoreConfig made) {
            return "backstore " + made.name();
        }
        return value instanceof List<?> changes
                ? changes.stream()
                        .map(change -> change instanceof Difference one ? one.line() : String.valueOf(change))
                        .collect(Collectors.joining("; "))
                : value == null ? "" : value.toString();
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
        return new ConfigException(ConfigException.Kind.BUG, "a bug, the log has more: " + cause, cause);
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
