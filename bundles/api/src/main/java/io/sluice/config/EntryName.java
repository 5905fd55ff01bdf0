package io.sluice.config;

import java.util.regex.Pattern;

/** The names that operators give to what they make. */
final class EntryName {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private EntryName() {}

    /**
     * Returns a name.
     *
     * @param kind what it is the name of
     * @throws IllegalArgumentException if it is none; the message is fit for a user
     */
    static String require(String kind, String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a name of a " + kind + " has 1 to 64 letters, digits, dots, hyphens and underscores");
        }
        return name;
    }
}
