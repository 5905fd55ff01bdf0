package io.sluice.iscsi.pdu;

/** An initiator broke the protocol: either one PDU is rejected or the connection is closed. Carries no stack trace. */
public final class ProtocolException extends Exception {

    private static final long serialVersionUID = 1L;

    private final RejectReason reason;

    private ProtocolException(RejectReason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** The PDU is answered with a Reject; the connection goes on. */
    public static ProtocolException reject(RejectReason reason, String message) {
        return new ProtocolException(reason, message);
    }

    /** The connection cannot go on. */
    public static ProtocolException closing(String message) {
        return new ProtocolException(null, message);
    }

    /** Returns why the PDU is rejected, or null if the connection is to be closed. */
    public RejectReason reason() {
        return reason;
    }
}
