package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.volume.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Where the store of a disk is on its way, and what is around it. Guarded by this. */
abstract class StoreState {

    final Volume volume;
    BackstoreConfig config;
    Phase phase = Phase.ABSENT;
    String problem = "";

    /** What is being opened, is open, or was last. */
    Opening opening;

    /** What is to take the place of the store; null while nothing is. */
    Opening replacing;

    /** What is on its way, and what was given up and is not over. */
    private final List<Arrival> arrivals = new ArrayList<>();

    /** What is around every store that operations go to. */
    UnaryOperator<Backstore> wrapper = UnaryOperator.identity();

    long sinceNanos = System.nanoTime();
    private Instant since = Instant.now();

    StoreState(Volume volume, BackstoreConfig config) {
        this.volume = volume;
        this.config = config;
    }

    final synchronized void update(BackstoreConfig changed) {
        config = changed;
    }

    final synchronized StoreSnapshot snapshot() {
        boolean open = phase == Phase.OPEN || phase == Phase.REPLACING;
        return new StoreSnapshot(phase, problem, sinceNanos, since, open ? opening.store() : null, keepsData());
    }

    final boolean keepsData() {
        return opening == null || opening.parts().store().keepsData();
    }

    final void become(Phase next, String why) {
        phase = next;
        problem = why;
        sinceNanos = System.nanoTime();
        since = Instant.now();
    }

    /** Another one still has the store: nothing else is opened until it {@link #come comes}. */
    final synchronized void expect(Opening opened) {
        opening = opened;
        become(Phase.OPENING, "");
    }

    /** Returns whether operations go to a store. */
    final synchronized boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** Returns what is being opened, is open, or was last. */
    final synchronized Opening present() {
        return opening;
    }

    /** Returns those that a bundle has a part in. */
    final List<Opening> openings(Offer<?> offer) {
        return Stream.of(opening, replacing)
                .filter(one -> one != null && one.parts().has(offer))
                .toList();
    }

    /**
     * What is being opened.
     *
     * @param by who opens it
     * @param parts of what it was when that began
     * @param over ends when it is in use, could not be had, or is closed again
     */
    private record Arrival(Opening by, Parts parts, CompletableFuture<Void> over) {

        private boolean isOf(Offer<?> offer) {
            return parts.has(offer) || by.parts().has(offer);
        }
    }

    /** Something is on its way, perhaps beside what was given up before. */
    final synchronized void arrives(CompletionStage<Void> arrived, Opening by) {
        CompletableFuture<Void> over = arrived.handle((done, failure) -> by.over())
                .thenCompose(Function.identity())
                .toCompletableFuture();
        Arrival arrival = new Arrival(by, by.parts(), over);
        arrivals.add(arrival);
        over.whenComplete((done, failure) -> arrivedAt(arrival));
    }

    private synchronized void arrivedAt(Arrival arrival) {
        arrivals.remove(arrival);
    }

    /** Ends when nothing is on its way any more. */
    final synchronized CompletableFuture<Void> arriving() {
        return over(arrivals.stream());
    }

    /** Ends when nothing is on its way any more that a bundle has a part in. */
    final synchronized CompletableFuture<Void> arriving(Offer<?> offer) {
        return over(arrivals.stream().filter(arrival -> arrival.isOf(offer)));
    }

    private static CompletableFuture<Void> over(Stream<Arrival> arrivals) {
        return CompletableFuture.allOf(arrivals.map(Arrival::over).toArray(CompletableFuture[]::new));
    }

    final String notOpen() {
        return "backstore " + volume.name() + " is not online" + (problem.isEmpty() ? "" : ": " + problem);
    }

    /** Puts something around every store from now on, or around none any more. */
    final CompletionStage<Void> wrap(UnaryOperator<Backstore> around, Duration limit) {
        Opening present;
        synchronized (this) {
            wrapper = around;
            present = opening;
            if (phase != Phase.OPEN) {
                boolean between = phase == Phase.REPLACING || phase == Phase.OPENING;
                return between ? refused(notOpen()) : Backstore.done();
            }
        }
        return volume.wrap(store -> around.apply(present.store()), limit);
    }

    final synchronized boolean wanted(Opening begun) {
        return phase == Phase.OPENING && opening == begun;
    }

    final synchronized Backstore wrapped(ContainedStore store) {
        return wrapper.apply(store);
    }

    static CompletionStage<Void> refused(String why) {
        return CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, why));
    }
}
