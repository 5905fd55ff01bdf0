package io.sluice.iscsi.login;

import java.util.Objects;

/** A login is refused: the initiator gets the status, then the connection is closed. Carries no stack trace. */
public final class LoginException extends Exception {

    private static final long serialVersionUID = 1L;

    private final LoginStatus status;

    /**
     * @param status what the initiator is told
     * @param message what the log says
     */
    public LoginException(LoginStatus status, String message) {
        super(message, null, false, false);
        this.status = Objects.requireNonNull(status);
    }

    /** Returns what the initiator is told. */
    public LoginStatus status() {
        return status;
    }
}
