package io.sluice.manager.volume;

import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.volume.Volume;
import io.sluice.volume.VolumeStatus;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The space that a volume takes, as its store last said: it is asked behind the back of whoever wants to know. Thread-safe. */
final class AllocatedBytes {

    private final Volume volume;
    private final Executor questions;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile OptionalLong last = OptionalLong.empty();

    AllocatedBytes(Volume volume, Executor questions) {
        this.volume = volume;
        this.questions = questions;
    }

    /** Returns what is known, and asks for news of it. */
    OptionalLong get() {
        ask();
        return last;
    }

    /** Asks the store, unless it is being asked. */
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
        if (volume.status().state() != VolumeStatus.State.OPEN || !volume.can(AllocatedSpace.class)) {
            last = OptionalLong.empty();
            asking.set(false);
            return;
        }
        CompletionStage<Long> answer = volume.allocatedBytes();
        answer.whenComplete((bytes, failure) -> {
            last = failure == null ? OptionalLong.of(bytes) : OptionalLong.empty();
            asking.set(false);
        });
        // The store may have gone just now: whoever only looks takes no place among the commands that wait for it.
        Volume.withdraw(answer);
    }
}
