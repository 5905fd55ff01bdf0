package io.sluice.scsi.internal.vpd;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.internal.format.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Pages of all kinds of devices: 86h, 87h and 88h (SPC-5 7.7). */
final class PrimaryPages {

    private static final int EXTENDED_INQUIRY_LENGTH = 0x3C;

    /** HEADSUP, ORDSUP and SIMPSUP: the task attributes. */
    private static final int TASK_ATTRIBUTES = 0x07;

    /** V_SUP: there is a volatile cache. */
    private static final int VOLATILE_CACHE = 0x01;

    private static final int PORT_DESCRIPTOR = 12;
    private static final int DESIGNATOR_HEADER = 4;

    private PrimaryPages() {}

    static byte[] extendedInquiry() {
        byte[] page = new byte[EXTENDED_INQUIRY_LENGTH];
        page[1] = TASK_ATTRIBUTES;
        page[2] = VOLATILE_CACHE;
        return page;
    }

    /** All pages and subpages are shared by all nexuses. */
    static byte[] modePagePolicy() {
        return new byte[] {0x3F, (byte) 0xFF, 0, 0};
    }

    /** The one port of the target, with its name. */
    static byte[] scsiPorts(Nexus nexus) {
        byte[] name = nexus.targetPort().scsiName().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(name, (name.length / 4 + 1) * 4);
        byte[] page = new byte[PORT_DESCRIPTOR + DESIGNATOR_HEADER + padded.length];
        Bytes.put16(page, 2, nexus.targetPort().number());
        Bytes.put16(page, 10, DESIGNATOR_HEADER + padded.length);
        page[12] = 0x53;
        page[13] = (byte) 0x98;
        page[15] = (byte) padded.length;
        System.arraycopy(padded, 0, page, PORT_DESCRIPTOR + DESIGNATOR_HEADER, padded.length);
        return page;
    }
}
