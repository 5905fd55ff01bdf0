package io.sluice.management;

import io.sluice.config.BackstoreConfig;
import java.util.Locale;
import java.util.Objects;

/**
 * A backstore whose blocks are being copied to other storage, or were.
 *
 * @param name the backstore
 * @param state how far it is
 * @param from its configuration before
 * @param to its configuration on the other storage
 * @param progress of the present pass, from 0 to 1
 * @param pass which pass over what hosts have changed meanwhile it is, from 1
 * @param copiedBytes what has been written to the other storage
 * @param dirtyBytes what has still to be copied
 * @param differences regions that were found different when everything was compared, and were copied again
 * @param bytesPerSecond how fast it may be; 0 for as fast as it goes
 * @param problem why it failed or waits, one line; empty if nothing is wrong
 */
public record MoveStatus(
        String name,
        State state,
        BackstoreConfig from,
        BackstoreConfig to,
        double progress,
        int pass,
        long copiedBytes,
        long dirtyBytes,
        long differences,
        long bytesPerSecond,
        String problem) {

    /** What a move may be. */
    public enum State {
        /** It waits for storage, the old or the new one. */
        WAITING,
        /** Blocks are copied. */
        COPYING,
        /** Everything is compared. */
        VERIFYING,
        /** The new storage takes the place of the old one. */
        SWITCHING,
        /** Hosts use the new storage. */
        DONE,
        /** It was cancelled: hosts use the old storage. */
        CANCELLED,
        /** It could not be done: hosts use the old storage. */
        FAILED;

        /** Returns the name for users and documents. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns whether nothing goes on any more. */
        public boolean over() {
            return this == DONE || this == CANCELLED || this == FAILED;
        }
    }

    public MoveStatus {
        Objects.requireNonNull(name);
        Objects.requireNonNull(state);
        Objects.requireNonNull(from);
        Objects.requireNonNull(to);
        Objects.requireNonNull(problem);
    }
}
