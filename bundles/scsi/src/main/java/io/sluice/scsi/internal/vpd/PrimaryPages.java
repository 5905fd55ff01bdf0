package io.sluice.scsi.internal.vpd;

import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.unit.PortGroup;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

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

    /** The ports of the target, with their names. */
    static byte[] scsiPorts(List<PortGroup> groups) {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        for (PortGroup group : groups) {
            byte[] name = group.port().scsiName().getBytes(StandardCharsets.UTF_8);
            byte[] padded = Arrays.copyOf(name, (name.length / 4 + 1) * 4);
            byte[] descriptor = new byte[PORT_DESCRIPTOR + DESIGNATOR_HEADER + padded.length];
            Bytes.put16(descriptor, 2, group.port().number());
            Bytes.put16(descriptor, 10, DESIGNATOR_HEADER + padded.length);
            descriptor[12] = 0x53;
            descriptor[13] = (byte) 0x98;
            descriptor[15] = (byte) padded.length;
            System.arraycopy(padded, 0, descriptor, PORT_DESCRIPTOR + DESIGNATOR_HEADER, padded.length);
            page.writeBytes(descriptor);
        }
        return page.toByteArray();
    }
}
