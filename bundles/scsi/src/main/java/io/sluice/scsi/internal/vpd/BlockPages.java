package io.sluice.scsi.internal.vpd;

import io.sluice.scsi.internal.BlockLimits;
import io.sluice.scsi.internal.Bytes;
import io.sluice.scsi.internal.DeviceServer;

/** The pages of block devices: B0h, B1h and B2h (SBC-4 6.6). Offsets are those of the standard less the header. */
final class BlockPages {

    private static final int PAGE_LENGTH = 0x3C;
    private static final int PROVISIONING_LENGTH = 4;
    private static final int NON_ROTATING = 0x0001;

    private static final int WSNZ = 0x01;
    private static final int UGAVALID = 0x80;

    private static final int LBPU = 0x80;
    private static final int LBPWS = 0x40;
    private static final int LBPWS10 = 0x20;
    private static final int LBPRZ = 0x04;
    private static final int THIN = 0x02;

    private BlockPages() {}

    static byte[] blockLimits(DeviceServer unit) {
        BlockLimits limits = unit.limits();
        int physical = unit.geometry().physicalBlockSize() / unit.geometry().blockSize();
        byte[] page = new byte[PAGE_LENGTH];
        Bytes.put16(page, 2, physical);
        Bytes.put32(page, 4, limits.maximumTransferLength());
        Bytes.put32(page, 8, limits.optimalTransferLength());
        if (unit.provisioned()) {
            page[0] = WSNZ;
            Bytes.put32(page, 16, limits.maximumUnmapLbaCount());
            Bytes.put32(page, 20, limits.maximumUnmapDescriptorCount());
            Bytes.put32(page, 24, physical);
            page[28] = (byte) UGAVALID;
        }
        Bytes.put64(page, 32, limits.maximumWriteSameLength());
        return page;
    }

    static byte[] characteristics() {
        byte[] page = new byte[PAGE_LENGTH];
        Bytes.put16(page, 0, NON_ROTATING);
        return page;
    }

    static byte[] provisioning(DeviceServer unit) {
        byte[] page = new byte[PROVISIONING_LENGTH];
        if (unit.provisioned()) {
            page[1] = (byte) (LBPU | LBPWS | LBPWS10 | LBPRZ);
            page[2] = THIN;
        }
        return page;
    }
}
