package io.sluice.scsi.internal.vpd;

import io.sluice.backstore.BackstoreLimits;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.scsi.internal.unit.BlockLimits;
import io.sluice.scsi.internal.unit.ProvisioningThreshold;

/** The pages of block devices: B0h, B1h and B2h (SBC-4 6.6). Offsets are those of the standard less the header. */
final class BlockPages {

    private static final int PAGE_LENGTH = 0x3C;
    private static final int PROVISIONING_LENGTH = 4;
    private static final int NON_ROTATING = 0x0001;

    private static final int WSNZ = 0x01;
    private static final int UGAVALID = 0x80;

    /** WABEREQ and WACEREQ of 01b: after the erasure blocks can be read without having been written. */
    private static final int WABEREQ_READS_SUCCEED = 0x40;

    private static final int WACEREQ_READS_SUCCEED = 0x10;

    private static final int LBPU = 0x80;
    private static final int LBPWS = 0x40;
    private static final int LBPWS10 = 0x20;
    private static final int LBPRZ = 0x04;
    private static final int THIN = 0x02;

    private BlockPages() {}

    static byte[] blockLimits(BlockDevice unit) {
        BlockLimits limits = unit.limits();
        int physical = unit.geometry().physicalBlockSize() / unit.geometry().blockSize();
        byte[] page = new byte[PAGE_LENGTH];
        page[1] = (byte) limits.maximumCompareAndWriteLength();
        Bytes.put16(page, 2, physical);
        Bytes.put32(page, 4, limits.maximumTransferLength());
        Bytes.put32(page, 8, optimalTransferLength(unit));
        if (unit.provisioned()) {
            page[0] = WSNZ;
            if (unit.options().unmap()) {
                Bytes.put32(page, 16, limits.maximumUnmapLbaCount());
                Bytes.put32(page, 20, limits.maximumUnmapDescriptorCount());
            }
            int blockSize = unit.geometry().blockSize();
            BackstoreLimits store = unit.volume().limits();
            Bytes.put32(page, 24, Math.max(physical, blocks(store.unmapGranularityBytes(), blockSize)));
            Bytes.put32(page, 28, blocks(store.unmapAlignmentBytes(), blockSize));
            page[28] |= (byte) UGAVALID;
        }
        Bytes.put64(page, 32, limits.maximumWriteSameLength());
        if (!unit.offersKeepingAside()) {
            return page;
        }
        Bytes.put32(page, 40, limits.maximumAtomicLength());
        if (physical > 1) {
            Bytes.put32(page, 44, physical);
            Bytes.put32(page, 48, physical);
        }
        return page;
    }

    private static int optimalTransferLength(BlockDevice unit) {
        BlockLimits limits = unit.limits();
        int store = blocks(
                unit.volume().limits().optimalTransferBytes(), unit.geometry().blockSize());
        return store == 0 ? limits.optimalTransferLength() : Math.min(store, limits.maximumTransferLength());
    }

    private static int blocks(long bytes, int blockSize) {
        return (int) Math.min(Integer.MAX_VALUE, bytes / blockSize);
    }

    static byte[] characteristics(BlockDevice unit) {
        byte[] page = new byte[PAGE_LENGTH];
        Bytes.put16(page, 0, NON_ROTATING);
        page[3] = (byte) (unit.provisioned() ? WABEREQ_READS_SUCCEED | WACEREQ_READS_SUCCEED : 0);
        return page;
    }

    static byte[] provisioning(BlockDevice unit) {
        byte[] page = new byte[PROVISIONING_LENGTH];
        if (unit.provisioned()) {
            page[0] = (byte) (unit.options().thresholdPercent() == 0 ? 0 : thresholdExponent(unit));
            page[1] = (byte) ((unit.options().unmap() ? LBPU : 0) | LBPWS | LBPWS10 | LBPRZ);
            page[2] = THIN;
        }
        return page;
    }

    private static int thresholdExponent(BlockDevice unit) {
        return Integer.numberOfTrailingZeros(
                ProvisioningThreshold.SET_BYTES / unit.geometry().blockSize());
    }
}
