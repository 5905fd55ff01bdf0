package io.sluice.manager.job;

import io.sluice.config.ConfigException;

/** Work was cancelled and has ended, but would go on after a restart: the message says what to do about that. */
public final class NotForGoodException extends ConfigException {

    private static final long serialVersionUID = 1L;

    /** @param message one line for the user */
    public NotForGoodException(String message) {
        super(message);
    }
}
