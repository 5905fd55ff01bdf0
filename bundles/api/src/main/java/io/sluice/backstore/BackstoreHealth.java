package io.sluice.backstore;

import java.util.Objects;

/**
 * How a store is.
 *
 * @param state what can be expected of it
 * @param reason one line for the operator: what is wrong and what to do; empty if nothing is
 */
public record BackstoreHealth(State state, String reason) {

    /** Nothing is wrong. */
    public static final BackstoreHealth HEALTHY = new BackstoreHealth(State.HEALTHY, "");

    /** What can be expected of a store, from the best to the worst. */
    public enum State {
        /** Everything works. */
        HEALTHY,
        /** Everything works, but the operator should look: nearly full, one of several paths lost. */
        DEGRADED,
        /** Reads work, and so do writes that need no more space; the others fail with {@link Fault#OUT_OF_SPACE} until there is some. */
        FULL,
        /** Reads work; writes and flushes fail until it is opened anew. */
        READ_ONLY,
        /** Nothing works until it is opened anew. */
        FAILED
    }

    public BackstoreHealth {
        Objects.requireNonNull(state);
        Objects.requireNonNull(reason);
    }
}
