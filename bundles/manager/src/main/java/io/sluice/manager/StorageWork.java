package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.config.ConfigException;
import io.sluice.manager.job.Work;
import io.sluice.volume.Making;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * What bundles do to storage, one after the other, each within a while; what tells how far it is may take as long as it goes on.
 * What is given up may go on all the same: what comes of it is undone, and {@link #over} says when nothing of it is left.
 * Thread-safe.
 */
final class StorageWork implements Work {

    private final Patience patience;
    private final String again;
    private final String cancelling;
    private final boolean one;

    /** By the names of backstores. */
    private final Map<String, CompletableFuture<Void>> ends = new ConcurrentHashMap<>();

    private Running<?> current;
    private boolean cancelled;

    private StorageWork(Patience patience, String again, String cancelling, boolean one) {
        this.patience = patience;
        this.again = again;
        this.cancelling = cancelling;
        this.one = one;
    }

    /** For a document, which may have much made. */
    static StorageWork ofDocument(Patience patience) {
        return new StorageWork(
                patience,
                "apply the configuration once more",
                "applying the configuration was cancelled, and nothing was changed",
                false);
    }

    /**
     * For one backstore.
     *
     * @param cancelling what is said when it is cancelled
     */
    static StorageWork ofOne(Patience patience, String cancelling) {
        return new StorageWork(patience, "try again", cancelling, true);
    }

    /** One piece of work; what comes of it is wanted until somebody gives it up. */
    private final class Running<T> {

        private final String backstore;
        private final String doing;
        private final Function<T, CompletionStage<Void>> undo;
        private final Making making = new Making();
        private final Deadline deadline = new Deadline(making, patience.making(), this::late);
        private final AtomicBoolean decided = new AtomicBoolean();
        private final CompletableFuture<T> awaited = new CompletableFuture<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        Running(String backstore, String doing, Function<T, CompletionStage<Void>> undo) {
            this.backstore = backstore;
            this.doing = doing;
            this.undo = undo;
        }

        CompletionStage<T> begin(Function<Making, CompletionStage<T>> work) {
            hold(backstore, end);
            deadline.start();
            CompletionStage<T> done;
            try {
                done = work.apply(making);
            } catch (RuntimeException | Error bug) {
                done = CompletableFuture.failedFuture(bug);
            }
            done.whenComplete(this::ended);
            return awaited;
        }

        private void ended(T result, Throwable failure) {
            deadline.stop();
            boolean wanted = decided.compareAndSet(false, true);
            if (failure == null && !wanted) {
                undo.apply(result).whenComplete((undone, bug) -> end.complete(null));
                return;
            }
            // Whoever is told finds the backstore free.
            end.complete(null);
            if (failure == null) {
                awaited.complete(result);
            } else if (wanted) {
                awaited.completeExceptionally(failure);
            }
        }

        private void late() {
            if (decided.compareAndSet(false, true)) {
                making.cancel();
                awaited.completeExceptionally(new ConfigException(doing + " backstore " + backstore + " "
                        + (making.progress().isPresent() ? "did not get on for " : "was not over after ")
                        + patience.making().toSeconds() + " s, and nothing was changed: see to its storage, and "
                        + again));
            }
        }

        void cancel() {
            if (decided.compareAndSet(false, true)) {
                making.cancel();
                Drains.within(
                                over(backstore),
                                patience.drain(),
                                doing + " backstore=" + backstore + ", which was cancelled")
                        .thenRun(() -> awaited.completeExceptionally(refusal()));
            }
        }
    }

    /**
     * Does something to the storage of a backstore.
     *
     * @param doing what that is, as {@code making}
     * @param work is told how far it is, and whether it is wanted
     * @param undo undoes what comes too late; does not fail
     * @return fails with {@link ConfigException} when the time is over, or the work is cancelled
     */
    <T> CompletionStage<T> run(
            String backstore,
            String doing,
            Function<Making, CompletionStage<T>> work,
            Function<T, CompletionStage<Void>> undo) {
        Running<T> running = new Running<>(backstore, doing, undo);
        synchronized (this) {
            if (cancelled) {
                return CompletableFuture.failedFuture(refusal());
            }
            current = running;
        }
        return running.begin(work);
    }

    private ConfigException refusal() {
        return new ConfigException(cancelling);
    }

    @Override
    public OptionalDouble progress() {
        Running<?> now = current();
        return one && now != null ? now.making.progress() : OptionalDouble.empty();
    }

    private synchronized Running<?> current() {
        return current;
    }

    @Override
    public String lasting() {
        return "";
    }

    @Override
    public void cancel() {
        Running<?> given;
        synchronized (this) {
            cancelled = true;
            given = current;
        }
        if (given != null) {
            given.cancel();
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
