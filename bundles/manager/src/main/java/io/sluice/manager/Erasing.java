package io.sluice.manager;

import io.sluice.manager.job.Work;
import io.sluice.scsi.RunningErasure;
import java.util.OptionalDouble;

/** An erasure of a disk that an initiator has asked for: SANITIZE goes on whatever happens (SBC-4 4.11). */
record Erasing(RunningErasure erasure) implements Work {

    @Override
    public OptionalDouble progress() {
        return OptionalDouble.of(erasure.progress().now());
    }

    @Override
    public String lasting() {
        return "an initiator has asked for it, and nothing stops it but its end";
    }
}
