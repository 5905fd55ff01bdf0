package io.sluice.manager.volume;

import io.sluice.backstore.BackstoreHealth;
import io.sluice.management.BackstoreStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/**
 * How a disk is, for users.
 *
 * @param state in one word
 * @param problem what is wrong and what to do, one line; empty if all is well
 */
record Condition(State state, String problem) {

    /**
     * Returns how a disk is whose store is not in use.
     *
     * @param patience how long a store may take to be opened or closed before that is told
     */
    static Condition without(StoreSnapshot snapshot, String name, Duration patience) {
        Duration lasted = Duration.ofNanos(System.nanoTime() - snapshot.sinceNanos());
        boolean slow = lasted.compareTo(patience) >= 0;
        // A moment, and no duration: what is the same as before reads the same.
        Instant since = snapshot.since().truncatedTo(ChronoUnit.SECONDS);
        String before = snapshot.problem();
        return switch (snapshot.phase()) {
            case OPEN -> throw new IllegalArgumentException("its store is in use");
            case REPLACING -> new Condition(State.OPENING, "its storage is being replaced");
            case OPENING -> {
                if (slow) {
                    yield new Condition(State.OPENING, "its storage is still being opened, since " + since);
                }
                yield new Condition(before.isEmpty() ? State.OPENING : State.AWAY, before);
            }
            case CLOSING ->
                new Condition(
                        State.AWAY, slow ? before + "; its storage is still being closed, since " + since : before);
            case RETRYING -> new Condition(State.AWAY, before + ": it is tried again, or use " + reopen(name, true));
            case LOST -> new Condition(State.FAILED, before);
            case ABSENT, CLOSED -> new Condition(State.AWAY, before);
        };
    }

    /**
     * Returns how a disk is whose store is in use.
     *
     * @param others what is wrong with other gateways that have it too; empty if nothing is
     * @param space what is wrong with the room that it has; empty if nothing is
     * @param keepsData whether its storage keeps data when it is closed
     */
    static Condition with(
            BackstoreHealth health, String others, Supplier<String> space, String name, boolean keepsData) {
        String reason = health.reason().isEmpty() ? others : health.reason();
        return switch (health.state()) {
            case HEALTHY, DEGRADED -> new Condition(State.ONLINE, reason.isEmpty() ? space.get() : reason);
            case FULL -> new Condition(State.FULL, reason);
            case READ_ONLY -> new Condition(State.READ_ONLY, latched(reason, name, keepsData));
            case FAILED -> new Condition(State.FAILED, latched(reason, name, keepsData));
        };
    }

    private static String latched(String reason, String name, boolean keepsData) {
        return (reason.isEmpty() ? "its storage has failed" : reason) + ": mend that, then use "
                + reopen(name, keepsData);
    }

    private static String reopen(String name, boolean keepsData) {
        return "backstore:reopen " + name + (keepsData ? "" : " --empty");
    }
}
