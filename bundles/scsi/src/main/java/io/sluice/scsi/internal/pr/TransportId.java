package io.sluice.scsi.internal.pr;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.format.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * The TransportID of an iSCSI initiator (SPC-5 7.6.4.6).
 *
 * @param iscsiName node name
 * @param isid initiator session identifier, or {@link #ANY_PORT} for all ports of the node
 * @param lengthBytes how many bytes of the list it takes
 */
record TransportId(String iscsiName, long isid, int lengthBytes) {

    /** Stands for the form that names a node and no port. */
    static final long ANY_PORT = -1;

    private static final int ISCSI = 0x05;
    private static final int PORT_FORMAT = 0x40;
    private static final int HEADER = 4;
    private static final int MIN_ADDITIONAL = 20;

    /** Length of a node name (RFC 7143 4.2.7.1) in bytes. */
    private static final int MOST_NAME = 223;

    private static final String SEPARATOR = ",i,0x";

    /** Returns the wire form of a port: zero-terminated and padded to a multiple of four bytes. */
    static byte[] encode(InitiatorPort port) {
        byte[] name = port.scsiName().getBytes(StandardCharsets.UTF_8);
        int additional = Math.max(MIN_ADDITIONAL, (name.length / 4 + 1) * 4);
        byte[] wire = new byte[HEADER + additional];
        wire[0] = PORT_FORMAT | ISCSI;
        Bytes.put16(wire, 2, additional);
        System.arraycopy(name, 0, wire, HEADER, name.length);
        return wire;
    }

    /**
     * Reads a TransportID.
     *
     * @param list the parameter list
     * @param offset where it begins
     * @throws CheckConditionException INVALID FIELD IN PARAMETER LIST if it is none of iSCSI, has no end or leaves the list
     */
    static TransportId parse(byte[] list, int offset) throws CheckConditionException {
        if (list.length - offset < HEADER) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset, -1));
        }
        int format = list[offset] & 0xC0;
        int additional = Bytes.u16(list, offset + 2);
        if ((list[offset] & 0x3F) != ISCSI || format > PORT_FORMAT) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset, -1));
        }
        if (additional < MIN_ADDITIONAL || additional % 4 != 0 || list.length - offset - HEADER < additional) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset + 2, -1));
        }
        if (list[offset + HEADER + additional - 1] != 0) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset + HEADER, -1));
        }
        String text = text(Arrays.copyOfRange(list, offset + HEADER, offset + HEADER + additional))
                .toLowerCase(Locale.ROOT);
        int lengthBytes = HEADER + additional;
        int separator = text.indexOf(SEPARATOR);
        if ((separator < 0 ? text : text.substring(0, separator)).getBytes(StandardCharsets.UTF_8).length > MOST_NAME) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset + HEADER, -1));
        }
        if (format == 0 && separator < 0 && !text.isEmpty()) {
            return new TransportId(text, ANY_PORT, lengthBytes);
        }
        String digits = separator <= 0 ? "" : text.substring(separator + SEPARATOR.length());
        if (format == 0 || !digits.matches("[0-9a-f]{1,12}")) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset + HEADER, -1));
        }
        return new TransportId(text.substring(0, separator), Long.parseLong(digits, 16), lengthBytes);
    }

    private static String text(byte[] padded) {
        int end = 0;
        while (end < padded.length && padded[end] != 0) {
            end++;
        }
        return new String(padded, 0, end, StandardCharsets.UTF_8);
    }
}
