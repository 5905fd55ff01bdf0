package io.sluice.scsi;

import java.util.concurrent.CompletionStage;

/**
 * FORMAT UNIT or SANITIZE on its way through a medium (SBC-4 4.11, 5.5, 5.30).
 *
 * @param format whether it is FORMAT UNIT
 * @param progress tells how far it is, from 0 to 1; any thread may ask
 * @param over completes when the medium is erased and stable, and fails if that has failed
 */
public record RunningErasure(boolean format, Progress progress, CompletionStage<Void> over) {

    /** How far something is. */
    @FunctionalInterface
    public interface Progress {

        /** Returns it, from 0 to 1. */
        double now();
    }
}
