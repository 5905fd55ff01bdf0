package io.sluice.scsi.internal.identity;

import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.unit.LunMapping;

/** Standard INQUIRY data (SPC-5 6.7.2). */
public final class StandardInquiryData {

    /** T10 VENDOR IDENTIFICATION. */
    public static final String VENDOR = "SLUICE";
    /** PRODUCT IDENTIFICATION. */
    public static final String PRODUCT = "VIRTUAL-DISK";

    private static final String REVISION = "0001";
    private static final int LENGTH = 96;
    private static final int VERSION_SPC_4 = 0x06;
    private static final int RESPONSE_DATA_FORMAT = 0x02;
    private static final int HISUP = 0x10;

    /** TPGS: the access state is changed by the target, or also by SET TARGET PORT GROUPS. */
    private static final int IMPLICIT_ACCESS = 0x10;

    private static final int IMPLICIT_AND_EXPLICIT_ACCESS = 0x30;

    private static final int THIRD_PARTY_COPY = 0x08;
    private static final int CMDQUE = 0x02;
    private static final int REMOVABLE = 0x80;
    private static final int VERSION_DESCRIPTORS = 58;

    /** PERIPHERAL QUALIFIER 011b and DEVICE TYPE 1Fh: there is no unit at this LUN and there cannot be one as it is. */
    private static final int NOT_CAPABLE = 0x7F;

    /** PERIPHERAL DEVICE TYPE of a well-known logical unit. */
    private static final int WELL_KNOWN_UNIT = 0x1E;

    /** SAM-5, SPC-4, SBC-3, iSCSI: no version claimed of each (SPC-5 table 149). */
    private static final int[] STANDARDS = {0x00A0, 0x0460, 0x04C0, 0x0960};

    private StandardInquiryData() {}

    /** Returns the data of a unit as a nexus sees it: one without the right to manage may not set access states. */
    public static byte[] of(LunMapping mapping) {
        boolean removable = mapping.unit().options().removable();
        boolean manages = mapping.nexus().rights().manage();
        return encode(0, removable ? REMOVABLE : 0, manages ? IMPLICIT_AND_EXPLICIT_ACCESS : IMPLICIT_ACCESS);
    }

    /** Returns the data of a LUN that has no unit (SPC-5 6.7.2, SAM-5 4.7.4). */
    public static byte[] ofAbsentUnit() {
        return encode(NOT_CAPABLE, 0, IMPLICIT_ACCESS);
    }

    /** Returns the data of the REPORT LUNS well-known logical unit (SPC-5 8.2). */
    public static byte[] ofWellKnownUnit() {
        return encode(WELL_KNOWN_UNIT, 0, IMPLICIT_ACCESS);
    }

    private static byte[] encode(int peripheral, int removable, int access) {
        byte[] data = new byte[LENGTH];
        data[0] = (byte) peripheral;
        data[1] = (byte) removable;
        data[2] = VERSION_SPC_4;
        data[3] = HISUP | RESPONSE_DATA_FORMAT;
        data[4] = LENGTH - 5;
        data[5] = (byte) (access | THIRD_PARTY_COPY);
        data[7] = CMDQUE;
        Bytes.putAscii(data, 8, 8, VENDOR);
        Bytes.putAscii(data, 16, 16, PRODUCT);
        Bytes.putAscii(data, 32, 4, REVISION);
        for (int i = 0; i < STANDARDS.length; i++) {
            Bytes.put16(data, VERSION_DESCRIPTORS + 2 * i, STANDARDS[i]);
        }
        return data;
    }
}
