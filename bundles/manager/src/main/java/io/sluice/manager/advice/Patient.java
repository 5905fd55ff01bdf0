package io.sluice.manager.advice;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.PortalConfig;
import io.sluice.management.SessionHabits;
import io.sluice.management.SessionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A session that is looked at, with what is known around it.
 *
 * @param session the session
 * @param habits how it is used
 * @param sessions all sessions
 * @param listening where the gateway listens
 * @param disks what its target has
 * @param now the time
 */
record Patient(
        SessionStatus session,
        SessionHabits habits,
        List<SessionStatus> sessions,
        List<PortalConfig> listening,
        List<BackstoreConfig> disks,
        Instant now) {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    /** Returns whether a key was agreed to have a value. */
    boolean has(String key, String value) {
        return value.equals(session.parameters().get(key));
    }

    /** Returns the number that was agreed for a key, the initiator's where each side has its own; a large one if there is none. */
    int number(String key) {
        Matcher number = NUMBER.matcher(session.parameters().getOrDefault(key, ""));
        return number.find() ? Integer.parseInt(number.group()) : Integer.MAX_VALUE;
    }

    /** Returns how long the session is there. */
    Duration age() {
        return Duration.between(session.since(), now);
    }

    /** Returns how many sessions the host has with the target, over whichever portals. */
    long paths() {
        return sessions.stream()
                .filter(other -> other.initiator().equals(session.initiator())
                        && other.target().equals(session.target()))
                .count();
    }

    /** Returns at how many addresses the gateway can be reached from elsewhere. */
    long addresses() {
        return listening.stream()
                .map(PortalConfig::host)
                .filter(host -> !host.startsWith("127.") && !host.equals("::1") && !host.equals("localhost"))
                .distinct()
                .count();
    }
}
