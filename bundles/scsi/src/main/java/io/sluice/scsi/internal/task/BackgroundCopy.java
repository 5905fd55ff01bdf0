package io.sluice.scsi.internal.task;

import java.util.concurrent.CompletionStage;

/** A copy that goes on when its command has ended, and so is in no task set (SPC-5 5.18.3). */
public interface BackgroundCopy {

    /** Has it begin no other read or write, and aborts the one that it has begun; on any thread. */
    void stop();

    /** Returns a stage that completes when it has ended. */
    CompletionStage<Ending> over();
}
