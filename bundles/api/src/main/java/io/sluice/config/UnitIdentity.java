package io.sluice.config;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;

/**
 * What makes a logical unit unique in the world; it is drawn once and never changes.
 *
 * @param naa 32 hexadecimal digits: an NAA locally assigned or IEEE registered extended designator (SPC-5 7.7.6.6)
 * @param serial product serial number, 1 to 32 printable ASCII characters
 */
public record UnitIdentity(String naa, String serial) {

    private static final SecureRandom RANDOM = new SecureRandom();

    public UnitIdentity {
        Objects.requireNonNull(naa);
        Objects.requireNonNull(serial);
        if (!naa.matches("[36][0-9a-f]{15}([0-9a-f]{16})?") || (naa.charAt(0) == '6') != (naa.length() == 32)) {
            throw new IllegalArgumentException(
                    "NAA '" + naa + "' is not 32 hexadecimal digits that begin with 6, or 16 that begin with 3");
        }
        if (!serial.matches("[!-~]{1,32}")) {
            throw new IllegalArgumentException("a serial number is 1 to 32 printable ASCII characters without spaces");
        }
    }

    /**
     * Draws a new identity. The designator is of the NAA 6 form: with no company identifier of its own, the gateway
     * draws all bits behind the NAA field at random, with the locally-administered bit of the identifier set.
     */
    public static UnitIdentity random() {
        byte[] bits = new byte[16];
        RANDOM.nextBytes(bits);
        bits[0] = (byte) (0x60 | (bits[0] & 0x0F));
        // The company identifier starts in the low nibble of byte 0: bit 1 of its first octet marks it local.
        bits[1] = (byte) ((bits[1] | 0x20) & ~0x10);
        return chosen(HexFormat.of().formatHex(bits), "");
    }

    /**
     * Returns an identity that somebody has chosen, or a part of it.
     *
     * @param naa the designator; empty to draw one
     * @param serial the serial number; empty for the last 16 digits of the designator, as in an identity that was drawn
     * @throws IllegalArgumentException if they are no such; the message is fit for a user
     */
    public static UnitIdentity chosen(String naa, String serial) {
        String designator = naa.isEmpty() ? random().naa() : naa.toLowerCase(Locale.ROOT);
        String number = serial.isEmpty() ? designator.substring(Math.max(0, designator.length() - 16)) : serial;
        return new UnitIdentity(designator, number);
    }
}
