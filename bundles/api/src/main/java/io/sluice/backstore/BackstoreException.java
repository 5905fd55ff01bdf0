package io.sluice.backstore;

import java.util.Objects;

/** A backstore could not do what it was asked: one I/O fails, the store itself stays as it was. */
public class BackstoreException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Fault fault;

    /**
     * @param fault what the initiator is told
     * @param message what the operator is told: what was tried and why it failed
     */
    public BackstoreException(Fault fault, String message) {
        this(fault, message, null);
    }

    /**
     * @param fault what the initiator is told
     * @param message what the operator is told
     * @param cause the reason, or null
     */
    public BackstoreException(Fault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = Objects.requireNonNull(fault);
    }

    /** Returns the kind of failure. */
    public Fault fault() {
        return fault;
    }
}
