package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/** Task Management Function Request (RFC 7143 11.5). */
public record TaskManagementRequestPdu(byte[] header, byte[] additional, ByteBuf data) implements InitiatorPdu {

    private static final int FUNCTION = 0x7F;
    private static final int REFERENCED_TASK_TAG = 20;
    private static final int REF_CMD_SN = 32;

    /** Returns the function code. */
    public int function() {
        return header[1] & FUNCTION;
    }

    /** Returns the Initiator Task Tag of the task that is to be aborted. */
    public int referencedTaskTag() {
        return BasicHeader.s32(header, REFERENCED_TASK_TAG);
    }

    /** Returns the CmdSN of that task. */
    public int refCmdSn() {
        return BasicHeader.s32(header, REF_CMD_SN);
    }
}
