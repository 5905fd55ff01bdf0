package io.sluice.manager.volume;

/** A disk cannot be opened because a bundle for it is not there. */
public final class MissingPartException extends Exception {

    private static final long serialVersionUID = 1L;

    MissingPartException(String message) {
        super(message, null, false, false);
    }
}
