package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.volume.VolumeRuntime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A disk that another gateway serves is wanted at this one. Who serves it is asked for it, and gives it if it hears that; for an
 * initiator it is shut out when it has not begun to give it a short while after it was asked, or has not ended that after a longer
 * one: then it is dead, or as good as that. Who could not be asked is not shut out: what hinders that would hinder this gateway from
 * serving the disk too. Thread-safe.
 */
final class Demand {

    private static final Duration AGAIN = Duration.ofMillis(100);

    /** How much longer than to hear it, it may take to give the disk, or to open the storage of this gateway. */
    private static final int LONGER = 3;

    /**
     * How often it takes as long as it has taken to ask until who is asked has heard it, and said so: where the storage is slow for
     * this gateway it is so for the other one, which reads and writes several records.
     */
    private static final int HEARING = 12;

    private static final long NEVER = Long.MAX_VALUE;

    /** What is done for it. The first four are called in turn, and end in bounded time. */
    interface Steps {

        /**
         * Asks who serves the disk for it.
         *
         * @param first whether that is not known to be asked already
         */
        CompletionStage<Void> ask(boolean first);

        /** Finds out who serves the disk, as far as that can be seen. */
        CompletionStage<Void> look();

        /** Takes the disk; completes when it is served here. */
        CompletionStage<Void> take(boolean force);

        /** Takes back what was asked. */
        CompletionStage<Void> withdraw();

        /** Returns whether it does not help to try again, or to shut somebody out, after a failure. */
        boolean isHopeless(Throwable failure);

        /** Returns whether who served the disk has begun to give it to this gateway. */
        boolean given();

        /** Returns whether the storage of this gateway is open. */
        boolean isOpen();
    }

    private final Turns turns;
    private final VolumeRuntime runtime;
    private final Steps steps;
    private final CompletableFuture<Void> wanted = new CompletableFuture<>();
    private final long begun = System.nanoTime();

    /** How long it may take, how long the own storage is waited for before somebody is shut out, and when that is done. */
    private final long most;

    private final long opened;
    private final long force;

    /** Whether who serves it was asked, and when; touched in turn, or between turns. */
    private volatile boolean asked;

    private volatile long askedAt;

    /** How long who was asked has to hear it. */
    private volatile long hearing;

    /** Whether who serves it is shut out by what is done now, or was by what was done last. */
    private volatile boolean forced;

    private Demand(Turns turns, VolumeRuntime runtime, Steps steps, Duration most, Duration opened, long force) {
        this.turns = turns;
        this.runtime = runtime;
        this.steps = steps;
        this.most = most.toNanos();
        this.opened = opened.toNanos();
        this.force = force;
    }

    /** One of an operator, who decides whether somebody is shut out, and that at once. */
    static Demand ofOperator(Turns turns, VolumeRuntime runtime, Steps steps, SharingPatience patience, boolean force) {
        return new Demand(turns, runtime, steps, patience.given(), patience.given(), force ? 0 : NEVER);
    }

    /** One of an initiator, which has lost the other gateway or wants this one now. */
    static Demand ofInitiator(Turns turns, VolumeRuntime runtime, Steps steps, SharingPatience patience) {
        Demand demand = new Demand(
                turns,
                runtime,
                steps,
                patience.initiator(),
                patience.asked().multipliedBy(LONGER),
                patience.asked().toNanos());
        demand.wanted.orTimeout(demand.most, TimeUnit.NANOSECONDS);
        return demand;
    }

    /** Completes when the disk is served here; fails if it is not in time, and nothing is asked for any more then. */
    CompletionStage<Void> begin() {
        next();
        return wanted;
    }

    private void next() {
        turns.add(this::attempt).whenComplete((done, failure) -> attempted(failure));
    }

    /** Who has given up waiting for its turn does not shut anybody out any more, and wants nothing. */
    private CompletionStage<Void> attempt() {
        forced = force == 0;
        if (wanted.isDone()) {
            return withdraw();
        }
        if (forced) {
            return steps.take(true);
        }
        return isForced() ? steps.look().thenCompose(seen -> takeUnlessGiven()) : askAndTake();
    }

    /** Who serves it may have heard it since that was looked at last. */
    private CompletionStage<Void> takeUnlessGiven() {
        forced = isForced();
        return forced ? steps.take(true) : askAndTake();
    }

    private CompletionStage<Void> askAndTake() {
        return ask().thenCompose(heard -> steps.take(false));
    }

    private CompletionStage<Void> ask() {
        long asking = System.nanoTime();
        return steps.ask(!asked).thenRun(() -> {
            if (!asked) {
                askedAt = System.nanoTime();
                hearing = Math.max(force, HEARING * (askedAt - asking));
                asked = true;
            }
        });
    }

    private CompletionStage<Void> withdraw() {
        return asked ? steps.withdraw() : Backstore.done();
    }

    private void attempted(Throwable failure) {
        if (failure == null) {
            wanted.complete(null);
        } else if (isWorthwhile(failure)) {
            runtime.schedule(this::next, AGAIN);
        } else {
            turns.add(this::withdraw).whenComplete((withdrawn, another) -> wanted.completeExceptionally(failure));
        }
    }

    private boolean isWorthwhile(Throwable failure) {
        long waited = System.nanoTime() - begun;
        return !steps.isHopeless(failure) && waited < most && (!forced || !steps.isOpen() && waited < opened);
    }

    /** Returns whether who was asked has had its time; nobody is asked where there is none, or none is to end. */
    private boolean isForced() {
        if (!asked || force == NEVER) {
            return false;
        }
        long waited = System.nanoTime() - askedAt;
        return waited >= LONGER * hearing || waited >= hearing && !steps.given();
    }
}
