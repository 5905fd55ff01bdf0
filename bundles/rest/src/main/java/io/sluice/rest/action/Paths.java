package io.sluice.rest.action;

import java.nio.charset.StandardCharsets;

/** Writes paths, of segments in which anything may be. */
public final class Paths {

    private static final String PLAIN = "-._~:@!$&'()*+,;=";

    private Paths() {}

    /** Returns a path below the root of the interface. */
    public static String of(String... segments) {
        StringBuilder path = new StringBuilder();
        for (String segment : segments) {
            path.append('/');
            for (byte octet : segment.getBytes(StandardCharsets.UTF_8)) {
                append(path, octet);
            }
        }
        return path.toString();
    }

    private static void append(StringBuilder path, byte octet) {
        char character = (char) (octet & 0xFF);
        boolean plain = character >= 'a' && character <= 'z'
                || character >= 'A' && character <= 'Z'
                || character >= '0' && character <= '9'
                || PLAIN.indexOf(character) >= 0;
        if (plain) {
            path.append(character);
        } else {
            path.append(String.format("%%%02X", octet & 0xFF));
        }
    }
}
