package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.internal.format.BlockRange;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;

/** What commands that move blocks have in common. */
final class BlockTransfer {

    private static final int FUA = 0x08;

    private BlockTransfer() {}

    /** Refuses a transfer that leaves the medium or is longer than the Block Limits page allows. */
    static void check(Execution execution, CdbFormat format, BlockGeometry geometry, long lba, long blocks)
            throws CheckConditionException {
        BlockRange.check(geometry, lba, blocks);
        BlockRange.checkTransfer(blocks, execution.unit().limits().maximumTransferLength(), lengthOffset(format));
    }

    /** Returns where a CDB keeps its length. */
    static int lengthOffset(CdbFormat format) {
        return switch (format) {
            case CDB6 -> 4;
            case CDB10 -> 7;
            case CDB12 -> 6;
            case CDB16 -> 10;
        };
    }

    /** Returns whether a CDB that has the FUA bit sets it. */
    static boolean fua(Execution execution) {
        return (execution.cdb()[1] & FUA) != 0;
    }

    /**
     * Returns what GOOD status has to mean: stable if FUA says so or the write cache is off (SBC-4 4.15). To be asked when the
     * blocks have been claimed: whoever switches the cache off waits for those that have been before.
     */
    static Durability durability(Execution execution, boolean fuaByte) {
        boolean fua = fuaByte && fua(execution);
        return fua || !execution.unit().modePages().writeCache() ? Durability.STABLE : Durability.CACHED;
    }

    /**
     * Returns how many bytes of Data-Out a command gets that wants {@code wanted}. A smaller offer is taken as far as it
     * goes if that is in whole blocks; the rest of the blocks stays as it is and the residual count says so.
     *
     * @throws CheckConditionException INVALID FIELD IN COMMAND INFORMATION UNIT if the offer ends inside a block, or goes the
     *     wrong way
     */
    static int available(Execution execution, int wanted, int blockSize) throws CheckConditionException {
        requireDirection(execution);
        long offered = execution.task().dataOutLength();
        if (offered >= wanted) {
            return wanted;
        }
        if (offered % blockSize != 0) {
            throw new CheckConditionException(Sense.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT);
        }
        return (int) offered;
    }

    /**
     * Refuses a write whose initiator expects Data-In instead, and would take GOOD status for a write that was made.
     *
     * @throws CheckConditionException INVALID FIELD IN COMMAND INFORMATION UNIT
     */
    static void requireDirection(Execution execution) throws CheckConditionException {
        if (execution.task().dataOutLength() == 0 && execution.task().dataInLength() > 0) {
            throw new CheckConditionException(Sense.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT);
        }
    }

    /**
     * Refuses a Data-Out that is not exactly what the command is about.
     *
     * @throws CheckConditionException INVALID FIELD IN COMMAND INFORMATION UNIT
     */
    static void requireExactly(Execution execution, int wanted) throws CheckConditionException {
        if (execution.task().dataOutLength() != wanted) {
            throw new CheckConditionException(Sense.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT);
        }
    }
}
