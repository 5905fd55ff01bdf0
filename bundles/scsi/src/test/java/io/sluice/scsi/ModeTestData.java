package io.sluice.scsi;

import java.util.HexFormat;

/** Parameter lists for MODE SELECT(6). */
public final class ModeTestData {

    private ModeTestData() {}

    /** The Control page with chosen bytes 2 and 4; without a block descriptor. */
    public static byte[] control(String byte2, String byte4) {
        return HexFormat.ofDelimiter(" ")
                .parseHex("00 00 00 00 0a 0a " + byte2 + " 10 " + byte4 + " 00 00 00 ff ff 00 00");
    }

    /** The Caching page with chosen byte 2. */
    public static byte[] caching(String byte2) {
        return HexFormat.ofDelimiter(" ")
                .parseHex("00 00 00 00 08 12 " + byte2 + " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
    }
}
