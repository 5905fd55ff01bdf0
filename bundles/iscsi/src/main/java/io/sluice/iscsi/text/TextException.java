package io.sluice.iscsi.text;

/** Text that breaks the rules of RFC 7143 6: the login or the connection ends. Carries no stack trace. */
public final class TextException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, fit for a log */
    public TextException(String message) {
        super(message, null, false, false);
    }
}
