package io.sluice.backstore.nbd.protocol;

/** A server has sent what the protocol does not allow; its connection is of no use any more. */
public final class NbdProtocolException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message what it has sent, for the operator */
    public NbdProtocolException(String message) {
        super(message);
    }
}
