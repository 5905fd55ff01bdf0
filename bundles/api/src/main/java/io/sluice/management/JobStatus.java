package io.sluice.management;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Something that goes on for longer, or has done so.
 *
 * @param id its name, which no other job has, also after a restart
 * @param what what is being done, as {@code making backstore disk0}
 * @param author who has asked for it, as the audit log has it
 * @param since when it was asked for, or when it has gone on after a restart
 * @param ended when it was over; empty as long as it goes on
 * @param state how far it is
 * @param progress from 0 to 1; empty if nobody knows
 * @param cancellable whether it can be cancelled now
 * @param result what it has come to, one line; empty if there is nothing to tell
 * @param problem why it failed or waits, one line; empty if nothing is wrong
 */
public record JobStatus(
        String id,
        String what,
        String author,
        Instant since,
        Optional<Instant> ended,
        State state,
        OptionalDouble progress,
        boolean cancellable,
        String result,
        String problem) {

    /** What a job may be. */
    public enum State {
        /** It goes on. */
        RUNNING,
        /** It has done what was asked for. */
        DONE,
        /** It could not be done. */
        FAILED,
        /** Somebody has cancelled it. */
        CANCELLED;

        /** Returns the name for users and documents. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns whether nothing goes on any more. */
        public boolean over() {
            return this != RUNNING;
        }
    }

    public JobStatus {
        Objects.requireNonNull(id);
        Objects.requireNonNull(what);
        Objects.requireNonNull(author);
        Objects.requireNonNull(since);
        Objects.requireNonNull(ended);
        Objects.requireNonNull(state);
        Objects.requireNonNull(progress);
        Objects.requireNonNull(result);
        Objects.requireNonNull(problem);
    }
}
