package io.sluice.rest.event;

import java.util.Locale;

/**
 * Something is not as it was.
 *
 * @param kind what has become of it
 * @param path where it is, or was, below the root of the interface; {@code /} for anything
 */
public record Change(Kind kind, String path) {

    /** What can become of a thing. */
    public enum Kind {
        /** It is there now. */
        MADE,
        /** It is another than before. */
        CHANGED,
        /** It is gone. */
        REMOVED;

        /** Returns the name of the event. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
