package io.sluice.rest.http;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a caller wants to wait for a change, as {@code Prefer} says it (RFC 7240 4.1, 4.3). */
final class Preference {

    /** What suits those who do not say. */
    private static final Duration USUAL = Duration.ofSeconds(5);

    /** A thread is kept for so long at most. */
    private static final int MOST_SECONDS = 60;

    private static final Pattern ASYNCHRONOUS = listed("respond-async");
    private static final Pattern WAIT = listed("wait *= *\"?(\\d{1,9})\"?");

    private Preference() {}

    private static Pattern listed(String preference) {
        return Pattern.compile("(?i)(?:^|,) *" + preference + " *(?=$|[,;])");
    }

    /**
     * Returns how long is waited.
     *
     * @param header all there is of it, with commas between; null if there is none
     */
    static Duration patience(String header) {
        if (header == null) {
            return USUAL;
        }
        Matcher wait = WAIT.matcher(header);
        if (wait.find()) {
            return Duration.ofSeconds(Math.min(Integer.parseInt(wait.group(1)), MOST_SECONDS));
        }
        return ASYNCHRONOUS.matcher(header).find() ? Duration.ZERO : USUAL;
    }
}
