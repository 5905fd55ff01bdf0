package io.sluice.config;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name of an iSCSI node: {@code iqn.}, {@code eui.} or {@code naa.} (RFC 7143 4.2.7), in lower case.
 *
 * @param value the name, at most 223 bytes of UTF-8
 */
public record IscsiName(String value) implements Comparable<IscsiName> {

    /** The longest name that the standard allows, in bytes of UTF-8 (RFC 7143 4.2.7.1). */
    public static final int MAX_LENGTH_BYTES = 223;

    private static final Pattern IQN =
            Pattern.compile("iqn\\.\\d{4}-(0[1-9]|1[0-2])\\.[a-z0-9][a-z0-9.-]*(:[^\\s\\p{Cntrl}]+)?");
    private static final Pattern EUI = Pattern.compile("eui\\.[0-9a-f]{16}");
    private static final Pattern NAA = Pattern.compile("naa\\.([0-9a-f]{16}|[0-9a-f]{32})");
    /** RFC 3722 prepares names so that only letters, digits and these three survive of ASCII. The underscore is
     * taken all the same, as other targets do: QEMU makes names from those of machines. */
    private static final Pattern FORBIDDEN_ASCII = Pattern.compile("[\\x00-,/;-^`{-\\x7f]");

    /** Blanks, controls, and what changes how a terminal shows the rest, of all scripts (RFC 3722 6). */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{C}\\p{Z}]");

    public IscsiName {
        Objects.requireNonNull(value);
        value = value.toLowerCase(Locale.ROOT);
        if (value.getBytes(StandardCharsets.UTF_8).length > MAX_LENGTH_BYTES) {
            throw new IllegalArgumentException("an iSCSI name has at most 223 bytes");
        }
        boolean wellFormed = IQN.matcher(value).matches()
                || EUI.matcher(value).matches()
                || NAA.matcher(value).matches();
        boolean forbidden = FORBIDDEN_ASCII.matcher(value).find()
                || INVISIBLE.matcher(value).find();
        if (!wellFormed || forbidden) {
            throw new IllegalArgumentException(
                    "'" + printable(value) + "' is not an iSCSI name: write it like iqn.2026-11.io.sluice:disk0");
        }
    }

    @Override
    public int compareTo(IscsiName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static String printable(String text) {
        String shortened = text.length() > 64 ? text.substring(0, 64) + "…" : text;
        return shortened.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    }
}
