package io.sluice.shell;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them: {@code 5ms}, {@code 30s}, {@code 10m}, {@code 1h}; and as they read them. */
final class Time {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(us|ms|s|m|h)");
    private static final double MICRO = 1e3;
    private static final double MILLI = 1e6;

    private Time() {}

    /** @throws IllegalArgumentException with a line for the user */
    static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time: write it like 500us, 5ms, 30s, 10m or 1h");
        }
        long number = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "us" -> Duration.ofNanos(number * 1000);
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    /** Returns a short time for people. */
    static String text(long nanos) {
        return nanos < MILLI ? Math.round(nanos / MICRO) + "us" : String.format("%.1fms", nanos / MILLI);
    }
}
