package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Asynchronous Message (RFC 7143 11.9).
 *
 * @param event AsyncEvent code
 * @param parameter1 first parameter of the event
 * @param parameter2 second parameter of the event
 * @param parameter3 third parameter of the event
 * @param lun LUN field of a SCSI event, else 0
 * @param data sense data of a SCSI event behind its length, else empty
 */
public record AsyncMessagePdu(int event, int parameter1, int parameter2, int parameter3, long lun, ByteBuf data)
        implements TargetPdu {

    /** An event of iSCSI. */
    public AsyncMessagePdu(int event, int parameter1, int parameter2, int parameter3) {
        this(event, parameter1, parameter2, parameter3, 0, Unpooled.EMPTY_BUFFER);
    }

    /** An event of SCSI. */
    public static AsyncMessagePdu scsiEvent(long lun, ByteBuf senseSegment) {
        return new AsyncMessagePdu(SCSI_EVENT, 0, 0, 0, lun, senseSegment);
    }

    @Override
    public Opcode opcode() {
        return Opcode.ASYNC_MESSAGE;
    }

    @Override
    public void encode(ByteBuf header) {
        header.setByte(1, BasicHeader.FINAL);
        header.setLong(BasicHeader.LUN, lun);
        header.setInt(BasicHeader.INITIATOR_TASK_TAG, BasicHeader.NO_TAG);
        header.setByte(36, event);
        header.setShort(38, parameter1);
        header.setShort(40, parameter2);
        header.setShort(42, parameter3);
    }

    /** A unit has something to tell, in sense data. */
    public static final int SCSI_EVENT = 0;
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
