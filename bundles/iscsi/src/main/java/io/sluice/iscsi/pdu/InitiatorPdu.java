package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/**
 * A PDU from an initiator. It is a view of the header as received; whoever gets the PDU owns its data segment and releases
 * it.
 */
public sealed interface InitiatorPdu
        permits NopOutPdu,
                ScsiCommandPdu,
                TaskManagementRequestPdu,
                LoginRequestPdu,
                TextRequestPdu,
                DataOutPdu,
                LogoutRequestPdu,
                SnackRequestPdu {

    /** Returns the 48 bytes of the basic header segment; nobody changes them. */
    byte[] header();

    /** Returns the additional header segments, empty for most PDUs. */
    byte[] additional();

    /** Returns the data segment without padding; empty if there is none. */
    ByteBuf data();

    /** Returns whether the PDU is marked for immediate delivery (RFC 7143 4.2.2.1). */
    default boolean immediate() {
        return (header()[0] & BasicHeader.IMMEDIATE) != 0;
    }

    /** Returns the F bit. */
    default boolean isFinal() {
        return (header()[1] & BasicHeader.FINAL) != 0;
    }

    /** Returns the LUN field. */
    default long lun() {
        return BasicHeader.s64(header(), BasicHeader.LUN);
    }

    /** Returns the Initiator Task Tag. */
    default int initiatorTaskTag() {
        return BasicHeader.s32(header(), BasicHeader.INITIATOR_TASK_TAG);
    }

    /** Returns the Target Transfer Tag, in PDUs that have one. */
    default int targetTransferTag() {
        return BasicHeader.s32(header(), BasicHeader.TARGET_TRANSFER_TAG);
    }

    /** Returns CmdSN, in PDUs that have one: all but Data-Out and SNACK. */
    default int cmdSn() {
        return BasicHeader.s32(header(), BasicHeader.CMD_SN);
    }

    /** Returns ExpStatSN. */
    default int expStatSn() {
        return BasicHeader.s32(header(), BasicHeader.EXP_STAT_SN);
    }
}
