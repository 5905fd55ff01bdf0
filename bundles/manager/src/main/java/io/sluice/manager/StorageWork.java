package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.config.ConfigException;
import io.sluice.manager.job.Work;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What bundles do to storage for a document, one after the other, each within a while. What is given up may go on all the same:
 * what comes of it is undone, and {@link #over} says when nothing of it is left. Thread-safe.
 */
final class StorageWork implements Work {

    private final Duration limit;

    /** By the names of backstores. */
    private final Map<String, CompletableFuture<Void>> ends = new ConcurrentHashMap<>();

    private CompletableFuture<?> current;
    private boolean cancelled;

    /** @param limit how long each may take */
    StorageWork(Duration limit) {
        this.limit = limit;
    }

    /**
     * Does something to the storage of a backstore.
     *
     * @param doing what that is, as {@code making}
     * @param undo undoes what comes too late; does not fail
     * @return fails with {@link ConfigException} when the time is over, or the work is cancelled
     */
    <T> CompletionStage<T> run(
            String backstore,
            String doing,
            Supplier<CompletionStage<T>> work,
            Function<T, CompletionStage<Void>> undo) {
        CompletableFuture<T> awaited = new CompletableFuture<>();
        synchronized (this) {
            if (cancelled) {
                return CompletableFuture.failedFuture(refusal());
            }
            current = awaited;
        }
        CompletableFuture<Void> clock =
                new CompletableFuture<Void>().completeOnTimeout(null, limit.toNanos(), TimeUnit.NANOSECONDS);
        clock.thenRun(() -> awaited.completeExceptionally(
                new ConfigException(doing + " backstore " + backstore + " was not over after " + limit.toSeconds()
                        + " s, and nothing was changed: see to its storage, and apply the configuration once more")));
        CompletionStage<Void> end = work.get()
                .handle((result, failure) -> {
                    clock.cancel(false);
                    if (failure != null) {
                        awaited.completeExceptionally(failure);
                        return Backstore.done();
                    }
                    return awaited.complete(result) ? Backstore.done() : undo.apply(result);
                })
                .thenCompose(undone -> undone);
        hold(backstore, end);
        return awaited;
    }

    private static ConfigException refusal() {
        return new ConfigException("applying the configuration was cancelled, and nothing was changed");
    }

    @Override
    public String lasting() {
        return "";
    }

    @Override
    public void cancel() {
        CompletableFuture<?> given;
        synchronized (this) {
            cancelled = true;
            given = current;
        }
        if (given != null) {
            given.completeExceptionally(refusal());
        }
    }

    /** A backstore is not free before something has ended, however it ends. */
    void hold(String backstore, CompletionStage<Void> end) {
        ends.put(backstore, end.toCompletableFuture().exceptionally(failure -> null));
    }

    /** Completes when nothing is done to the storage of a backstore any more. */
    CompletionStage<Void> over(String backstore) {
        CompletableFuture<Void> end = ends.get(backstore);
        return end == null ? Backstore.done() : end;
    }
}
