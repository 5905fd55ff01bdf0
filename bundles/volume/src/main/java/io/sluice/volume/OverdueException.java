package io.sluice.volume;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.util.concurrent.CompletionStage;

/**
 * An operation was given up because its store gave no answer in time. The store may still do it, and still uses its buffers,
 * until {@link #over}.
 */
public final class OverdueException extends BackstoreException {

    private static final long serialVersionUID = 1L;

    private final transient CompletionStage<Void> over;

    /**
     * @param message what the operator is told
     * @param over completes when the store has answered after all
     */
    public OverdueException(String message, CompletionStage<Void> over) {
        super(Fault.TIMED_OUT, message);
        this.over = over;
    }

    /** Returns a stage that completes when the store has answered after all: then nothing can change any more. */
    public CompletionStage<Void> over() {
        return over;
    }
}
