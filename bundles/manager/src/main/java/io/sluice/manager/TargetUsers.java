package io.sluice.manager;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.management.SessionStatus;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Who uses a target. */
final class TargetUsers {

    private TargetUsers() {}

    /** Returns how many of the sessions are with each target, but for those with which there is none. */
    static Map<String, Long> counts(List<SessionStatus> sessions) {
        return sessions.stream().collect(Collectors.groupingBy(SessionStatus::target, Collectors.counting()));
    }

    /** @throws ConfigException if there is a session with a target */
    static void requireNone(List<SessionStatus> sessions, IscsiName target) throws ConfigException {
        long users = counts(sessions).getOrDefault(target.value(), 0L);
        if (users > 0) {
            throw new ConfigException("target " + target + " has " + users
                    + " session(s): let the initiators log out first, or use --force");
        }
    }
}
