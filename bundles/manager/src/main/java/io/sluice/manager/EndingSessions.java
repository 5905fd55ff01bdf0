package io.sluice.manager;

import io.sluice.access.AccessRules;
import io.sluice.access.Caller;
import io.sluice.config.GatewayConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import io.sluice.management.Difference;
import io.sluice.management.SessionStatus;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Which sessions end when one configuration takes the place of another, and by what. */
final class EndingSessions {

    private final List<PortalConfig> portals;
    private final Map<String, TargetConfig> targets;
    private final AccessRules rules;

    /** @param portals where the later configuration listens */
    private EndingSessions(GatewayConfig after, List<PortalConfig> portals) {
        this.portals = portals;
        targets = after.targets().stream()
                .collect(Collectors.toMap(target -> target.name().value(), target -> target));
        rules = new AccessRules(after.withPortals(portals), name -> null);
    }

    /** Returns the same differences with the sessions that end by each. */
    static List<Difference> of(
            List<Difference> differences,
            List<SessionStatus> sessions,
            GatewayConfig after,
            List<PortalConfig> portals) {
        if (differences.isEmpty() || sessions.isEmpty()) {
            return differences;
        }
        EndingSessions ending = new EndingSessions(after, portals);
        Map<Integer, List<Integer>> ends = new HashMap<>();
        for (SessionStatus session : sessions) {
            if (!session.target().isEmpty() && ending.ends(session)) {
                ends.computeIfAbsent(cause(differences, session), index -> new ArrayList<>())
                        .add(session.id());
            }
        }
        List<Difference> told = new ArrayList<>(differences);
        ends.forEach((index, ids) -> told.set(index, told.get(index).withSessions(ids)));
        return told;
    }

    private boolean ends(SessionStatus session) {
        TargetConfig target = targets.get(session.target());
        return target == null || !target.enabled() || !mayStay(session);
    }

    /** What a session has proven at its login counts, as it does when it is asked for again. */
    private boolean mayStay(SessionStatus session) {
        try {
            PortalConfig local = PortalConfig.parse(session.portal());
            Caller caller = new Caller(
                    session.initiator(),
                    InetAddress.getByName(PortalConfig.parse(session.remote()).host()),
                    InetAddress.getByName(local.host()),
                    reached(local));
            return rules.admission(caller, session.target())
                    .grant(session.chapUser().isEmpty() ? null : session.chapUser())
                    .isPresent();
        } catch (UnknownHostException | IllegalArgumentException unknown) {
            // Of somebody whose address is not known nothing can be said, and it is told when it happens.
            return true;
        }
    }

    private PortalConfig reached(PortalConfig local) {
        return portals.stream()
                .filter(local::sameAddress)
                .findFirst()
                .or(() -> portals.stream()
                        .filter(portal -> portal.wildcard() && portal.port() == local.port())
                        .findFirst())
                .orElse(local);
    }

    /** Returns the place of what a session ends by: what is said of its target, of its host, or anything else. */
    private static int cause(List<Difference> differences, SessionStatus session) {
        String target = session.target();
        List<Predicate<Difference>> causes = List.of(
                one -> one.kind().equals("target") && one.name().equals(target) && endsByItself(one),
                one -> one.kind().equals("grant") && one.name().equals(target + " " + session.admittedAs()),
                one -> (one.kind().equals("grant") || one.kind().equals("target"))
                        && (one.name() + " ").startsWith(target + " "),
                one -> one.kind().equals("initiator") && one.name().equals(session.admittedAs()),
                one -> one.kind().equals("group") || one.kind().equals("portal"),
                one -> true);
        for (Predicate<Difference> cause : causes) {
            for (int i = 0; i < differences.size(); i++) {
                if (cause.test(differences.get(i))) {
                    return i;
                }
            }
        }
        throw new IllegalStateException("there is no difference");
    }

    private static boolean endsByItself(Difference one) {
        return one.change() == Difference.Change.REMOVE
                || one.fields().stream().anyMatch(field -> field.name().equals("enabled"));
    }
}
