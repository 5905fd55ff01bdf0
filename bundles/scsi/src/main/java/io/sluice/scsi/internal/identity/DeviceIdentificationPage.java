package io.sluice.scsi.internal.identity;

import io.sluice.scsi.TargetPort;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.scsi.internal.unit.LunMapping;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** The Device Identification page: what names the unit, the port and the target (SPC-5 7.7.6). */
public final class DeviceIdentificationPage {

    /** PROTOCOL IDENTIFIER of iSCSI (SPC-5 7.6.1), in the high half of a descriptor's first byte. */
    private static final int ISCSI = 0x50;

    private static final int BINARY = 0x01;
    private static final int ASCII = 0x02;
    private static final int UTF_8 = 0x03;

    /** PIV and ASSOCIATION: of the logical unit, the target port, or the target device. */
    private static final int UNIT = 0x00;

    private static final int PORT = 0x80 | 0x10;
    private static final int DEVICE = 0x80 | 0x20;

    private static final int HEADER = 4;

    private static final int T10_VENDOR_ID = 0x1;
    private static final int NAA = 0x3;
    private static final int RELATIVE_TARGET_PORT = 0x4;
    private static final int TARGET_PORT_GROUP = 0x5;
    private static final int SCSI_NAME = 0x8;

    private DeviceIdentificationPage() {}

    /** Returns the designation descriptors of a unit as a nexus sees it. */
    public static byte[] encode(LunMapping mapping) {
        TargetPort port = mapping.nexus().targetPort();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, BINARY, UNIT | NAA, naa(mapping.unit()));
        put(out, ASCII, UNIT | T10_VENDOR_ID, vendorId(mapping.unit()));
        put(out, UTF_8, UNIT | SCSI_NAME, scsiName(mapping.unit()));
        put(out, ISCSI | BINARY, PORT | RELATIVE_TARGET_PORT, number(port.number()));
        put(out, ISCSI | BINARY, PORT | TARGET_PORT_GROUP, number(port.number()));
        put(out, ISCSI | UTF_8, PORT | SCSI_NAME, name(port.scsiName()));
        put(out, ISCSI | UTF_8, DEVICE | SCSI_NAME, name(port.iscsiName()));
        return out.toByteArray();
    }

    /** Returns the NAA designator of a unit. */
    public static byte[] naa(BlockDevice unit) {
        return HexFormat.of().parseHex(unit.identity().naa());
    }

    /**
     * Returns whether a designation descriptor names a unit.
     *
     * @param asked code set, designator type, a reserved byte, length and designator, as on the page; bits of protocol and
     *     association are not looked at
     */
    public static boolean names(BlockDevice unit, byte[] asked) {
        int codeSet = asked[0] & 0x0F;
        byte[] designator =
                switch (asked[1] & 0x0F) {
                    case NAA -> codeSet == BINARY ? naa(unit) : null;
                    case T10_VENDOR_ID -> codeSet == ASCII ? vendorId(unit) : null;
                    case SCSI_NAME -> codeSet == UTF_8 ? scsiName(unit) : null;
                    default -> null;
                };
        return designator != null && Arrays.equals(asked, HEADER, asked.length, designator, 0, designator.length);
    }

    private static byte[] scsiName(BlockDevice unit) {
        return name("naa." + unit.identity().naa());
    }

    private static void put(ByteArrayOutputStream out, int codeSet, int kind, byte[] designator) {
        out.write(codeSet);
        out.write(kind);
        out.write(0);
        out.write(designator.length);
        out.writeBytes(designator);
    }

    private static byte[] vendorId(BlockDevice unit) {
        byte[] serial = unit.identity().serial().getBytes(StandardCharsets.US_ASCII);
        byte[] designator = new byte[8 + serial.length];
        Bytes.putAscii(designator, 0, 8, StandardInquiryData.VENDOR);
        System.arraycopy(serial, 0, designator, 8, serial.length);
        return designator;
    }

    private static byte[] number(int value) {
        byte[] designator = new byte[4];
        Bytes.put16(designator, 2, value);
        return designator;
    }

    /** A SCSI name string is zero-terminated and padded to a multiple of four bytes (SPC-5 7.7.6.11). */
    private static byte[] name(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(utf8, (utf8.length / 4 + 1) * 4);
    }
}
