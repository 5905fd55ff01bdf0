package io.sluice.scsi.internal.task;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.util.concurrent.CompletionStage;

/** An operation of a store was given up after its deadline, but the store may still be at it and at its buffers. */
public final class GivenUpException extends BackstoreException {

    private static final long serialVersionUID = 1L;

    private final transient CompletionStage<Void> over;

    /**
     * @param message what the operator is told
     * @param over completes in whatever way when the store has let go of it
     */
    public GivenUpException(String message, CompletionStage<Void> over) {
        super(Fault.TIMED_OUT, message);
        this.over = over;
    }

    /** Returns a stage that completes, in whatever way, when the store has let go of the operation. */
    public CompletionStage<Void> over() {
        return over;
    }
}
