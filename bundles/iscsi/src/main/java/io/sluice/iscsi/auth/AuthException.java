package io.sluice.iscsi.auth;

/**
 * Who logs in has not proved who it is. Carries no stack trace, and no secret. The message is for the operator only: the
 * initiator is not told what was wrong.
 */
public final class AuthException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean brokenProtocol;

    private AuthException(boolean brokenProtocol, String message) {
        super(message, null, false, false);
        this.brokenProtocol = brokenProtocol;
    }

    /** What was sent proves nothing. */
    static AuthException failed(String message) {
        return new AuthException(false, message);
    }

    /** What was sent has no place there; it says nothing about who sent it. */
    static AuthException broken(String message) {
        return new AuthException(true, message);
    }

    /** Returns whether the order of the exchange was broken, rather than a proof missing or wrong. */
    public boolean brokenProtocol() {
        return brokenProtocol;
    }
}
