package io.sluice.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Limits as people write them: {@code 1000}, {@code 100M}, {@code 2s}; letters are powers of 1024. All throw
 * {@link IllegalArgumentException} with a line for the user.
 */
public final class LimitText {

    private static final String UNITS = "KMGT";
    private static final Pattern RATE = Pattern.compile("(\\d{1,15})([KMGT]?)(?:I?B)?");
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s)");
    private static final int MILLIS = 1000;

    private LimitText() {}

    /**
     * Returns operations a second.
     *
     * @param what names the setting in a complaint
     */
    public static long iops(String what, String text) {
        return rate(what, text, LimitConfig.LEAST_IOPS);
    }

    /** Returns bytes a second, as {@link #iops}. */
    public static long bandwidth(String what, String text) {
        return rate(what, text, LimitConfig.LEAST_BANDWIDTH);
    }

    private static long rate(String what, String text, long least) {
        Matcher form = RATE.matcher(text.toUpperCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    what + " is not '" + printable(text) + "': write it like 1000, 500K, 100M or 2G");
        }
        int power = form.group(2).isEmpty() ? 0 : UNITS.indexOf(form.group(2)) + 1;
        double rate = Long.parseLong(form.group(1)) * Math.pow(1024, power);
        if (rate < least || rate > LimitConfig.MOST) {
            throw new IllegalArgumentException(
                    what + " is at least " + least + " and at most " + LimitConfig.MOST + ", not '" + text + "'");
        }
        return (long) rate;
    }

    /** Returns milliseconds, as {@link #iops}. */
    public static int burstMillis(String what, String text) {
        Matcher form = TIME.matcher(text);
        if (form.matches()) {
            long millis = Long.parseLong(form.group(1)) * (form.group(2).equals("s") ? MILLIS : 1);
            if (millis <= LimitConfig.LONGEST_BURST_MILLIS) {
                return (int) millis;
            }
        }
        throw new IllegalArgumentException(
                what + " is not '" + printable(text) + "': write it like 500ms or 2s, 10s at most");
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
