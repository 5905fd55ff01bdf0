package io.sluice.manager;

import io.sluice.volume.VolumeRuntime;
import io.sluice.volume.job.Job;
import io.sluice.volume.move.Copier;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A copy that looks by itself, when it rests, whether the store is back.
 *
 * @param copier what copies
 * @param runtime has the clock for that
 * @param resume lets it go on
 */
record PatientWork(Copier copier, VolumeRuntime runtime, Runnable resume) implements Job.Work {

    /** After so long it is looked, and tried, again. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    @Override
    public long totalBytes() {
        return copier.totalBytes();
    }

    @Override
    public CompletionStage<Long> next(long doneBytes) {
        return copier.next(doneBytes);
    }

    @Override
    public void rests() {
        runtime.schedule(resume, PAUSE);
    }
}
