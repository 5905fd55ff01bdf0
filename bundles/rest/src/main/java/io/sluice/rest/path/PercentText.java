package io.sluice.rest.path;

import io.sluice.rest.shape.RefusedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads percent-encoded texts (RFC 3986 2.1) strictly: whatever could be read in two ways is refused. */
public final class PercentText {

    private static final String PLAIN = "-._~!$&'()*+,;=:@";
    private static final int HEX = 16;

    private PercentText() {}

    /**
     * Returns a part of a path, or of what stands behind the question mark.
     *
     * @throws RefusedException if it cannot be read, or has a slash or a control character in it
     */
    public static String decode(String raw) {
        String text = decode(raw, PLAIN);
        if (text.indexOf('/') >= 0) {
            throw refused("has a / in a segment");
        }
        return text;
    }

    /**
     * Returns a part of what stands behind the question mark, in which a slash and a question mark may be too.
     *
     * @throws RefusedException if it cannot be read, or has a control character in it
     */
    public static String decodeQuery(String raw) {
        return decode(raw, PLAIN + "/?");
    }

    private static String decode(String raw, String plain) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char character = raw.charAt(i);
            if (character == '%') {
                octets.write(octet(raw, i));
                i += 2;
            } else if (isLetterOrDigit(character) || plain.indexOf(character) >= 0) {
                octets.write(character);
            } else {
                throw refused("has a character that has to be written as %XX");
            }
        }
        String text = text(octets.toByteArray());
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw refused("has a control character in it");
        }
        return text;
    }

    private static int octet(String raw, int at) {
        int high = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 1), HEX) : -1;
        int low = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 2), HEX) : -1;
        if (high < 0 || low < 0 || raw.charAt(at + 1) > 'f' || raw.charAt(at + 2) > 'f') {
            throw refused("has a % without two hexadecimal digits");
        }
        return high * HEX + low;
    }

    private static boolean isLetterOrDigit(char character) {
        return character >= 'a' && character <= 'z'
                || character >= 'A' && character <= 'Z'
                || character >= '0' && character <= '9';
    }

    private static String text(byte[] octets) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException wrong) {
            throw refused("is not UTF-8");
        }
    }

    /** Returns the refusal of a path. */
    public static RefusedException refused(String complaint) {
        return new RefusedException(400, "the path " + complaint);
    }
}
