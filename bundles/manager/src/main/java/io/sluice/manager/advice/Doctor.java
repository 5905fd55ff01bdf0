package io.sluice.manager.advice;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.PortalConfig;
import io.sluice.management.Advice;
import io.sluice.management.SessionHabits;
import io.sluice.management.SessionStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Looks at sessions by the table of {@link AdviceRule}. */
public final class Doctor {

    private Doctor() {}

    /**
     * Returns what was found, by session.
     *
     * @param listening where the gateway listens
     */
    public static List<Advice> look(
            GatewayConfig config,
            List<SessionStatus> sessions,
            List<SessionHabits> habits,
            List<PortalConfig> listening,
            Instant now) {
        Map<Integer, SessionHabits> byId = habits.stream()
                .collect(Collectors.toMap(SessionHabits::session, Function.identity(), (one, two) -> two));
        List<Advice> found = new ArrayList<>();
        for (SessionStatus session : sessions) {
            SessionHabits its = byId.get(session.id());
            if (its == null || session.target().isEmpty()) {
                continue;
            }
            Patient patient = new Patient(session, its, sessions, listening, disks(config, session.target()), now);
            for (AdviceRule rule : AdviceRule.values()) {
                String finding = rule.finding(patient);
                if (finding != null) {
                    found.add(new Advice(
                            rule.label(),
                            session.id(),
                            session.initiator(),
                            session.target(),
                            finding,
                            rule.remedies()));
                }
            }
        }
        return found;
    }

    private static List<BackstoreConfig> disks(GatewayConfig config, String target) {
        return config.targets().stream()
                .filter(one -> one.name().value().equals(target))
                .flatMap(one -> one.luns().stream())
                .flatMap(lun -> config.backstore(lun.backstore()).stream())
                .toList();
    }
}
