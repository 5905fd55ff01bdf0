package io.sluice.scsi.internal.spc;

import io.sluice.backstore.BlockGeometry;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;

/** The header and block descriptor in front of mode pages (SPC-5 7.5.4 to 7.5.6, SBC-4 6.5.2). */
final class ModeParameterHeader {

    static final int LENGTH_6 = 4;
    static final int LENGTH_10 = 8;
    static final int SHORT_DESCRIPTOR = 8;
    static final int LONG_DESCRIPTOR = 16;

    /** DEVICE-SPECIFIC PARAMETER of a direct-access device: write protected, and DPO and FUA are honoured. */
    private static final int WP = 0x80;

    private static final int DPOFUA = 0x10;
    private static final int LONGLBA = 0x01;

    private ModeParameterHeader() {}

    static int length(CdbFormat format) {
        return format == CdbFormat.CDB6 ? LENGTH_6 : LENGTH_10;
    }

    static byte[] encode(
            CdbFormat format, boolean writeProtected, boolean longBlocks, byte[] descriptor, byte[] pages) {
        int header = length(format);
        byte[] data = new byte[header + descriptor.length + pages.length];
        byte deviceSpecific = (byte) (DPOFUA | (writeProtected ? WP : 0));
        if (format == CdbFormat.CDB6) {
            data[0] = (byte) Math.min(data.length - 1, 0xFF);
            data[2] = deviceSpecific;
            data[3] = (byte) descriptor.length;
        } else {
            Bytes.put16(data, 0, data.length - 2);
            data[3] = deviceSpecific;
            data[4] = (byte) (longBlocks && descriptor.length > 0 ? LONGLBA : 0);
            Bytes.put16(data, 6, descriptor.length);
        }
        System.arraycopy(descriptor, 0, data, header, descriptor.length);
        System.arraycopy(pages, 0, data, header + descriptor.length, pages.length);
        return data;
    }

    static byte[] blockDescriptor(BlockGeometry geometry, boolean longBlocks) {
        byte[] descriptor = new byte[longBlocks ? LONG_DESCRIPTOR : SHORT_DESCRIPTOR];
        if (longBlocks) {
            Bytes.put64(descriptor, 0, geometry.blocks());
            Bytes.put32(descriptor, 12, geometry.blockSize());
        } else {
            Bytes.put32(descriptor, 0, Math.min(geometry.blocks(), 0xFFFF_FFFFL));
            Bytes.put32(descriptor, 4, geometry.blockSize() & 0xFF_FFFFL);
        }
        return descriptor;
    }
}
