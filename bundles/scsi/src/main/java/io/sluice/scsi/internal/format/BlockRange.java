package io.sluice.scsi.internal.format;

import io.sluice.backstore.BlockGeometry;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;

/** Checks of block ranges that came over the wire: any 64-bit values are safe. */
public final class BlockRange {

    private BlockRange() {}

    /**
     * Refuses a range that leaves the medium (SBC-4 4.4).
     *
     * @throws CheckConditionException LBA OUT OF RANGE with the LBA as INFORMATION
     */
    public static void check(BlockGeometry geometry, long lba, long blocks) throws CheckConditionException {
        if (!geometry.contains(lba, blocks)) {
            throw new CheckConditionException(
                    lba < 0
                            ? SenseData.of(Sense.LBA_OUT_OF_RANGE)
                            : SenseData.withInformation(Sense.LBA_OUT_OF_RANGE, lba));
        }
    }

    /**
     * Refuses a transfer of more blocks than the Block Limits page allows (SBC-4 6.6.4).
     *
     * @param lengthOffset where the CDB keeps the number
     * @throws CheckConditionException INVALID FIELD IN CDB
     */
    public static void checkTransfer(long blocks, long maximum, int lengthOffset) throws CheckConditionException {
        if (blocks > maximum) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(lengthOffset, -1));
        }
    }
}
