package io.sluice.scsi.internal.reservation;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.format.Bytes;

/**
 * The parameter list of PERSISTENT RESERVE OUT (SPC-5 6.14.3, 6.14.4), without TransportIDs.
 *
 * @param key RESERVATION KEY
 * @param serviceActionKey SERVICE ACTION RESERVATION KEY
 * @param persistThroughPowerLoss APTPL
 * @param allTargetPorts ALL_TG_PT
 * @param specifiesInitiatorPorts SPEC_I_PT
 * @param unregister UNREG, of REGISTER AND MOVE alone
 * @param relativeTargetPort RELATIVE TARGET PORT IDENTIFIER, of REGISTER AND MOVE alone
 */
public record ReserveOutParameters(
        long key,
        long serviceActionKey,
        boolean persistThroughPowerLoss,
        boolean allTargetPorts,
        boolean specifiesInitiatorPorts,
        boolean unregister,
        int relativeTargetPort) {

    /** Length of the basic list, and the offset of what follows it. */
    public static final int LENGTH = 24;

    /** Where REGISTER AND MOVE has its TransportID. */
    public static final int MOVE_TRANSPORT_ID = 24;

    private static final int FLAGS = 20;
    private static final int SPEC_I_PT = 0x08;
    private static final int ALL_TG_PT = 0x04;
    private static final int APTPL = 0x01;
    private static final int MOVE_FLAGS = 17;
    private static final int UNREG = 0x02;

    /** Reads the list of every service action but REGISTER AND MOVE. */
    public static ReserveOutParameters parse(byte[] list) {
        int flags = list[FLAGS];
        return new ReserveOutParameters(
                Bytes.s64(list, 0),
                Bytes.s64(list, 8),
                (flags & APTPL) != 0,
                (flags & ALL_TG_PT) != 0,
                (flags & SPEC_I_PT) != 0,
                false,
                0);
    }

    /** Reads the list of REGISTER AND MOVE. */
    public static ReserveOutParameters parseMove(byte[] list) {
        return new ReserveOutParameters(
                Bytes.s64(list, 0),
                Bytes.s64(list, 8),
                (list[MOVE_FLAGS] & APTPL) != 0,
                false,
                false,
                (list[MOVE_FLAGS] & UNREG) != 0,
                Bytes.u16(list, 18));
    }

    /** SPEC_I_PT is for a nexus that registers anew (SPC-5 6.14.3). */
    static SenseData specIPtRefused() {
        return SenseData.invalidFieldInParameterList(FLAGS, 3);
    }

    /** SPEC_I_PT names a nexus that is registered: its key is its own (SPC-5 5.14.7). */
    static SenseData namesRegistered() {
        return SenseData.invalidFieldInParameterList(LENGTH, -1);
    }

    /** Refuses SPEC_I_PT for a service action that has no use for it. */
    public void refuseSpecIPt() throws CheckConditionException {
        if (specifiesInitiatorPorts) {
            throw new CheckConditionException(specIPtRefused());
        }
    }
}
