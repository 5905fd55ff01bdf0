package io.sluice.shell;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 10G}, {@code 512MiB}, {@code 4096}; letters are powers of 1024. */
final class ByteSize {

    private static final String UNITS = "KMGTPE";
    private static final Pattern FORM = Pattern.compile("(\\d{1,19})([KMGTPE]?)(?:I?B)?");

    private ByteSize() {}

    /** @throws IllegalArgumentException with a line for the user */
    static long parse(String text) {
        Matcher form = FORM.matcher(text.trim().toUpperCase(Locale.ROOT));
        if (!form.matches()) {
            throw malformed(text);
        }
        try {
            long number = Long.parseLong(form.group(1));
            int power = form.group(2).isEmpty() ? 0 : UNITS.indexOf(form.group(2)) + 1;
            for (int i = 0; i < power; i++) {
                number = Math.multiplyExact(number, 1024L);
            }
            if (number == 0) {
                throw malformed(text);
            }
            return number;
        } catch (ArithmeticException | NumberFormatException tooLarge) {
            throw malformed(text);
        }
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("'" + text + "' is not a size: write it like 10G, 512M or 1048576");
    }
}
