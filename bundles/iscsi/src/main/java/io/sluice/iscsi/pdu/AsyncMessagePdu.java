package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/**
 * Asynchronous Message (RFC 7143 11.9).
 *
 * @param event AsyncEvent code
 * @param parameter1 first parameter of the event
 * @param parameter2 second parameter of the event
 * @param parameter3 third parameter of the event
 */
public record AsyncMessagePdu(int event, int parameter1, int parameter2, int parameter3) implements TargetPdu {

    @Override
    public Opcode opcode() {
        return Opcode.ASYNC_MESSAGE;
    }

    @Override
    public void encode(ByteBuf header) {
        header.setByte(1, BasicHeader.FINAL);
        header.setInt(BasicHeader.INITIATOR_TASK_TAG, BasicHeader.NO_TAG);
        header.setByte(36, event);
        header.setShort(38, parameter1);
        header.setShort(40, parameter2);
        header.setShort(42, parameter3);
    }

    /** The target asks for a logout; parameter 3 is the seconds it waits for one. */
    public static final int LOGOUT_REQUEST = 1;
    /**
     * The target drops a connection: parameter 1 is its CID, 2 the seconds until it may come back, and 3 how long commands are
     * kept for it, which at ErrorRecoveryLevel 0 is no time at all.
     */
    public static final int CONNECTION_DROPPED = 2;
    /** The target drops all connections of the session; parameters 2 and 3 are as above. */
    public static final int SESSION_DROPPED = 3;
}
