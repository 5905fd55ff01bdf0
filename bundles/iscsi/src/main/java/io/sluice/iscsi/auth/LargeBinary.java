package io.sluice.iscsi.auth;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Large binary values of text keys (RFC 7143 6.1): {@code 0x} and hexadecimal digits, or {@code 0b} and Base64. A decimal
 * number stands for at most 64 bits, so it is none. Half a byte, and Base64 that no encoder makes, are refused.
 */
final class LargeBinary {

    /** The longest value, in bytes (RFC 7143 12.1.3). */
    static final int MAX_BYTES = 1024;

    private static final int PREFIX = 2;

    private LargeBinary() {}

    /**
     * Returns the bytes of a value, 1 to {@link #MAX_BYTES} of them.
     *
     * @param key what the value is of, for the message
     * @throws AuthException if it is none, or too long
     */
    static byte[] decode(String key, String value) throws AuthException {
        byte[] bytes;
        try {
            bytes = decode(value);
        } catch (IllegalArgumentException malformed) {
            throw AuthException.failed(key + " is not a binary value");
        }
        if (bytes.length == 0 || bytes.length > MAX_BYTES) {
            throw AuthException.failed(key + " has " + bytes.length + " bytes");
        }
        return bytes;
    }

    private static byte[] decode(String value) {
        String digits = value.substring(Math.min(PREFIX, value.length()));
        switch (value.substring(0, value.length() - digits.length()).toLowerCase(Locale.ROOT)) {
            case "0x":
                return HexFormat.of().parseHex(digits);
            case "0b":
                byte[] bytes = Base64.getDecoder().decode(digits);
                if (!Base64.getEncoder().encodeToString(bytes).equals(digits)) {
                    throw new IllegalArgumentException("not what an encoder makes");
                }
                return bytes;
            default:
                throw new IllegalArgumentException("neither of the two");
        }
    }

    /** Returns bytes as hexadecimal digits, which every initiator reads. */
    static String encode(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
