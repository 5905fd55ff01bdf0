package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BackstoreLimits;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.Placement;
import io.sluice.volume.ReadingAbilities;
import io.sluice.volume.StoreContext;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * An open store or layer, with what it lives on. Everything passes but what must not depend on it: it is closed once, on a
 * thread of its own, and what it lies on after it; and nobody waits for it to tell how it is. Thread-safe.
 */
final class ContainedStore implements Backstore {

    private static final int ANSWER_SECONDS = 2;

    /** What a layer may do that is being opened on it. */
    private enum Use {
        /** It has changed nothing so far. */
        NOTHING_CHANGED,
        /** It has begun to change what is stored, or may have. */
        CHANGES,
        /** It may change nothing any more. */
        TAKEN_BACK
    }

    private final Backstore store;
    private final ContainedStore below;
    private final StoreContext context;
    private final BackstoreLimits limits;
    private final String medium;
    private final String caution;
    /** What its plugin raises goes here; it may outlive the stack that it was opened for. */
    private final EventRelay events;

    /** How many stacks have it; the last one that lets go of it closes it. */
    private final AtomicInteger users;

    private final AtomicReference<Use> use = new AtomicReference<>(Use.NOTHING_CHANGED);
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicInteger questions = new AtomicInteger();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile BackstoreHealth health;

    /**
     * Asks the store what it is.
     *
     * @param below what the layer lies on; null for a store
     * @param context closed after the store
     * @param events where the context brings what is raised
     */
    ContainedStore(Backstore store, ContainedStore below, StoreContext context, EventRelay events) {
        this.store = store;
        this.below = below;
        this.context = context;
        this.events = events;
        this.users = new AtomicInteger(1);
        this.limits = ask(store::limits, BackstoreLimits.NONE);
        Placement placement = ask(() -> store.ability(Placement.class), null);
        this.medium = placement == null ? "" : ask(placement::medium, "");
        this.caution = placement == null ? "" : ask(placement::caution, "");
        this.health = currentHealth();
    }

    /** The same store for another stack. */
    private ContainedStore(ContainedStore other) {
        store = other.store;
        below = other.below;
        context = other.context;
        events = other.events;
        users = other.users;
        limits = other.limits;
        medium = other.medium;
        caution = other.caution;
        health = other.health;
    }

    /** Returns the same store for another stack; it is closed when all who have it have closed it. */
    ContainedStore share() {
        users.incrementAndGet();
        return new ContainedStore(this);
    }

    /**
     * Takes it from a layer that is being opened on it, so that others may have what is stored.
     *
     * @return false, and it is still the layer's, if that has begun to change something
     */
    boolean takeBack() {
        return use.compareAndSet(Use.NOTHING_CHANGED, Use.TAKEN_BACK) || use.get() == Use.TAKEN_BACK;
    }

    private boolean mayChange() {
        return use.get() == Use.CHANGES
                || use.compareAndSet(Use.NOTHING_CHANGED, Use.CHANGES)
                || use.get() == Use.CHANGES;
    }

    /** Has what it raises, and what it lies on, told to another one. */
    void raiseTo(Consumer<BackstoreEvent> listener) {
        events.to(listener);
        if (below != null) {
            below.raiseTo(listener);
        }
    }

    /** Returns the store on which the layers lie that are above so many. */
    ContainedStore at(int layers) {
        ContainedStore found = this;
        for (int above = layers() - layers; above > 0; above--) {
            found = found.below;
        }
        return found;
    }

    private int layers() {
        return below == null ? 0 : below.layers() + 1;
    }

    /** Returns what its own plugin can do, which what lies on it may hide. */
    <A> A ownAbility(Class<A> kind) {
        return store.ability(kind);
    }

    /** A question to a store. */
    @FunctionalInterface
    private interface Question<T> {
        T ask();
    }

    private static <T> T ask(Question<T> question, T otherwise) {
        try {
            T answer = question.ask();
            return answer == null ? otherwise : answer;
        } catch (RuntimeException | Error bug) {
            return otherwise;
        }
    }

    private BackstoreHealth currentHealth() {
        return ask(
                store::health,
                new BackstoreHealth(BackstoreHealth.State.FAILED, "its bundle has a bug: it cannot tell how it is"));
    }

    /** Returns what the blocks are kept on, below all layers; empty if that is not said. */
    String medium() {
        return below == null ? medium : below.medium();
    }

    /** Returns what a flush does not promise there; empty if nothing is said. */
    String caution() {
        return below == null ? caution : below.caution();
    }

    /** Returns what runs calls of the store that may wait. */
    Executor executor() {
        return context.executor();
    }

    /**
     * Asks the store how it is, and what it lies on before. Does not wait; while it is asked already, it is asked once more.
     *
     * @param changed told when it is another health than before
     */
    void refreshHealth(Executor executor, Consumer<BackstoreHealth> changed) {
        if (questions.getAndIncrement() != 0) {
            return;
        }
        try {
            executor.execute(() -> {
                int answered;
                do {
                    answered = questions.get();
                    BackstoreHealth before = health;
                    refreshHealth();
                    if (!health.equals(before)) {
                        changed.accept(health);
                    }
                } while (!questions.compareAndSet(answered, 0));
            });
        } catch (RejectedExecutionException refused) {
            questions.set(0);
        }
    }

    /** Asks the store how it is, and does not wait long for the answer: without one, what was known counts. */
    CompletionStage<BackstoreHealth> healthNow(Executor executor) {
        CompletableFuture<BackstoreHealth> answer = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                refreshHealth();
                answer.complete(health);
            });
        } catch (RejectedExecutionException refused) {
            answer.complete(health);
        }
        return answer.completeOnTimeout(health, ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    private void refreshHealth() {
        if (below != null) {
            below.refreshHealth();
        }
        health = currentHealth();
    }

    @Override
    public BlockGeometry geometry() {
        return store.geometry();
    }

    @Override
    public BackstoreLimits limits() {
        return limits;
    }

    @Override
    public BackstoreHealth health() {
        return health;
    }

    @Override
    public <A> A ability(Class<A> kind) {
        return ReadingAbilities.contains(kind) || mayChange() ? ask(() -> store.ability(kind), null) : null;
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        return store.read(lba, destination);
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        return mayChange()
                ? store.write(lba, source, durability)
                : CompletableFuture.failedFuture(
                        new BackstoreException(Fault.NOT_READY, "the layer was not open in time, and was given up"));
    }

    @Override
    public CompletionStage<Void> flush() {
        return store.flush();
    }

    @Override
    public CompletionStage<Void> close() {
        if (!closing.compareAndSet(false, true)) {
            return closed;
        }
        if (users.decrementAndGet() > 0) {
            closed.complete(null);
        } else {
            Plugin.run(context.executor(), store::close).whenComplete((done, failure) -> {
                CompletionStage<Void> rest = below == null ? Backstore.done() : below.close();
                rest.whenComplete((restDone, restFailure) -> {
                    context.close();
                    Throwable first = failure != null ? failure : restFailure;
                    if (first == null) {
                        closed.complete(null);
                    } else {
                        closed.completeExceptionally(first);
                    }
                });
            });
        }
        return closed;
    }
}
