package io.sluice.manager.volume;

import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.FreeSpace;
import io.sluice.management.BackstoreStatus.Space;
import io.sluice.volume.Volume;
import io.sluice.volume.VolumeListener;
import io.sluice.volume.VolumeStatus;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** The space that a volume takes, as its store last said: it is asked behind the back of whoever wants to know. Thread-safe. */
final class SpaceInUse implements VolumeListener {

    private static final CompletionStage<OptionalLong> UNKNOWN =
            CompletableFuture.completedFuture(OptionalLong.empty());

    private final Volume volume;
    private final Executor questions;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile Space last = Space.UNKNOWN;

    SpaceInUse(Volume volume, Executor questions) {
        this.volume = volume;
        this.questions = questions;
    }

    /** Returns what is known. */
    Space last() {
        return last;
    }

    /** Whoever looks for the first time is to see something. */
    @Override
    public void storeCame(boolean failed) {
        ask();
    }

    /** Asks for news, unless that is being done. */
    void ask() {
        if (!asking.compareAndSet(false, true)) {
            return;
        }
        try {
            questions.execute(this::askNow);
        } catch (RejectedExecutionException closed) {
            asking.set(false);
        }
    }

    private void askNow() {
        ask(AllocatedSpace.class, volume::allocatedBytes)
                .thenCombine(ask(FreeSpace.class, volume::freeBytes), Space::new)
                .whenComplete((space, bug) -> {
                    last = bug == null ? space : Space.UNKNOWN;
                    asking.set(false);
                });
    }

    private CompletionStage<OptionalLong> ask(Class<?> ability, Supplier<CompletionStage<Long>> question) {
        if (volume.status().state() != VolumeStatus.State.OPEN || !volume.can(ability)) {
            return UNKNOWN;
        }
        CompletionStage<Long> answer = question.get();
        CompletionStage<OptionalLong> known =
                answer.handle((bytes, failure) -> failure == null ? OptionalLong.of(bytes) : OptionalLong.empty());
        // The store may have gone just now: whoever only looks takes no place among the commands that wait for it.
        Volume.withdraw(answer);
        return known;
    }
}
