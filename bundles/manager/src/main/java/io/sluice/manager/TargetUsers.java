package io.sluice.manager;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.management.SessionStatus;
import java.util.List;

/** Who uses a target. */
final class TargetUsers {

    private TargetUsers() {}

    /** Returns how many of the sessions are with a target. */
    static int count(List<SessionStatus> sessions, IscsiName target) {
        return (int) sessions.stream()
                .filter(session -> session.target().equals(target.value()))
                .count();
    }

    /** @throws ConfigException if there is a session with a target */
    static void requireNone(List<SessionStatus> sessions, IscsiName target) throws ConfigException {
        int users = count(sessions, target);
        if (users > 0) {
            throw new ConfigException("target " + target + " has " + users
                    + " session(s): let the initiators log out first, or use --force");
        }
    }
}
