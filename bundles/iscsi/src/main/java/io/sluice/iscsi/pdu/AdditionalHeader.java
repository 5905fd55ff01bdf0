package io.sluice.iscsi.pdu;

import java.util.Arrays;

/** Additional header segments (RFC 7143 11.2.2): checked as a whole before anything is taken from them. */
final class AdditionalHeader {

    private static final int EXTENDED_CDB = 1;
    private static final int BIDIRECTIONAL_READ_LENGTH = 2;
    private static final int HEADER = 3;
    private static final byte[] NONE = new byte[0];

    private AdditionalHeader() {}

    /** Returns whether the segments fill their space exactly, are of kinds that exist, and come once each. */
    static boolean wellFormed(byte[] segments) {
        int seen = 0;
        for (int offset = 0; offset < segments.length; ) {
            if (segments.length - offset < HEADER + 1) {
                return false;
            }
            int length = BasicHeader.u16(segments, offset);
            int type = segments[offset + 2] & 0x3F;
            boolean known = type == EXTENDED_CDB || type == BIDIRECTIONAL_READ_LENGTH;
            if (!known || length == 0 || (seen & 1 << type) != 0 || length > segments.length - offset - HEADER) {
                return false;
            }
            seen |= 1 << type;
            offset += padded(HEADER + length);
        }
        return true;
    }

    /** Returns the CDB bytes behind the sixteenth, empty if there are none. */
    static byte[] extendedCdb(byte[] segments) {
        for (int offset = 0; offset < segments.length; ) {
            int length = BasicHeader.u16(segments, offset);
            if ((segments[offset + 2] & 0x3F) == EXTENDED_CDB) {
                // The byte behind the type is reserved and counted by the length.
                return Arrays.copyOfRange(segments, offset + HEADER + 1, offset + HEADER + length);
            }
            offset += padded(HEADER + length);
        }
        return NONE;
    }

    private static int padded(int length) {
        return length + 3 & ~3;
    }
}
