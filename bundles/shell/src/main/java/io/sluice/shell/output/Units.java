package io.sluice.shell.output;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/** Numbers as people read them: bytes in powers of 1024, and times. */
public final class Units {

    private static final String LETTERS = "KMGTPE";
    private static final int BASE = 1024;

    private Units() {}

    /** Returns the shortest exact form, such as {@code 10G}. */
    public static String exactBytes(long bytes) {
        int power = 0;
        long number = bytes;
        while (number != 0 && number % BASE == 0 && power < LETTERS.length()) {
            number /= BASE;
            power++;
        }
        return number + letter(power);
    }

    /** Returns two or three digits that matter, such as {@code 1.5G} or {@code 240M}. */
    public static String bytes(long bytes) {
        int power = 0;
        double number = bytes;
        // What rounds up to 1024 is one of the next unit.
        while (number >= BASE - 0.5 && power < LETTERS.length()) {
            number /= BASE;
            power++;
        }
        boolean fraction = power > 0 && number < 9.95;
        String digits = String.format(Locale.ROOT, fraction ? "%.1f" : "%.0f", number);
        return (digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits) + letter(power);
    }

    /** Returns the bytes of a value that may be unknown, or null. */
    public static String bytes(OptionalLong bytes) {
        return bytes.isPresent() ? bytes(bytes.getAsLong()) : null;
    }

    /** Returns a value that may be unknown, or null. */
    public static Long orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    /** Returns the two largest units of a time, such as {@code 2 h 5 min}. */
    public static String time(Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        } else if (seconds < 3600) {
            return pair(seconds / 60, "min", seconds % 60, "s");
        } else if (seconds < 86_400) {
            return pair(seconds / 3600, "h", seconds / 60 % 60, "min");
        }
        return pair(seconds / 86_400, "d", seconds / 3600 % 24, "h");
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }

    private static String letter(int power) {
        return power == 0 ? "" : LETTERS.substring(power - 1, power);
    }
}
