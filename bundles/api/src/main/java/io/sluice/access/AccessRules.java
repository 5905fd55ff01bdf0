package io.sluice.access;

import io.sluice.config.AddressText;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.PortalConfig;
import io.sluice.config.RedirectConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of a configuration: who gets in, and what he may then reach. Immutable, so any thread may ask.
 *
 * <p>A target that grants nothing to anybody is open to everybody who comes over a loopback address or through a portal that is
 * open to all. A target with grants is there for those alone to whom something is granted; of several grants that fit, the one
 * decides whose initiator says most exactly who he is: an iSCSI name, then a pattern, then a CHAP user, then a network, then
 * everybody; of two alike the first. For everybody else a target is not there.
 */
public final class AccessRules {

    /** Lets nobody in. */
    public static final AccessRules NOBODY = new AccessRules(GatewayConfig.EMPTY, name -> null);

    private final Map<String, PortalConfig> portals = new HashMap<>();
    private final Map<String, TargetConfig> targets = new HashMap<>();
    private final Map<String, List<Host>> hosts = new HashMap<>();
    private final List<Host> allHosts = new ArrayList<>();
    private final SecurityConfig security;
    private final Secrets secrets;
    private final boolean usesChap;

    /**
     * Makes the rules of a configuration.
     *
     * @param secrets asked at each login that needs one, by a thread that may not wait
     */
    public AccessRules(GatewayConfig config, Secrets secrets) {
        this.secrets = secrets;
        security = config.security();
        config.portals().forEach(portal -> portals.put(portal.address(), portal));
        config.targets().forEach(target -> targets.put(target.name().value(), target));
        for (InitiatorConfig initiator : config.initiators()) {
            Host host = new Host(initiator);
            allHosts.add(host);
            hosts.put(initiator.name(), List.of(host));
        }
        for (InitiatorGroupConfig group : config.groups()) {
            hosts.put(
                    group.name(),
                    group.members().stream()
                            .flatMap(member -> hosts.get(member).stream())
                            .toList());
        }
        usesChap = allHosts.stream().anyMatch(host -> host.chap() != null);
    }

    /**
     * Answers somebody who wants in.
     *
     * @param target iSCSI name of the target in normal form, whether there is one or not; null for a discovery session
     */
    public Admission admission(Caller caller, String target) {
        return target == null ? discovery(caller) : login(caller, target);
    }

    private Admission login(Caller caller, String name) {
        TargetConfig target = targets.get(name);
        return new CallerAdmission(
                caller,
                target == null ? List.of() : candidates(caller, target, present(caller.portal())),
                target != null,
                false,
                usesChap,
                security.algorithms(),
                target == null || target.redirect() == null || isThere(caller, target.redirect())
                        ? null
                        : target.redirect(),
                secrets);
    }

    /** Who has come to where he is sent is not sent on, or he would go round in a circle. */
    private static boolean isThere(Caller caller, RedirectConfig redirect) {
        PortalConfig portal = caller.portal();
        String reached = AddressText.of(new InetSocketAddress(caller.local(), portal.port()));
        return redirect.address().equals(reached) || redirect.address().equals(portal.announced());
    }

    private Admission discovery(Caller caller) {
        List<Candidate> candidates = new ArrayList<>();
        if (!security.discoveryChap()) {
            candidates.add(Candidate.EVERYBODY);
        }
        for (Host host : allHosts) {
            Host.Exactness match = host.match(caller);
            if (match != null && host.chap() != null) {
                candidates.add(new Candidate(host, match, null));
            }
        }
        return new CallerAdmission(
                caller,
                candidates,
                true,
                security.discoveryChap(),
                security.discoveryChap(),
                security.algorithms(),
                null,
                secrets);
    }

    /** A portal may have been changed since somebody came through it; one that is gone is what it was. */
    private PortalConfig present(PortalConfig portal) {
        return portals.getOrDefault(portal.address(), portal);
    }

    private List<Candidate> candidates(Caller caller, TargetConfig target, PortalConfig way) {
        if (!target.reachedThrough(way.group())) {
            return List.of();
        }
        if (target.grants().isEmpty()) {
            return way.openToAll() || caller.local().isLoopbackAddress() ? List.of(Candidate.EVERYBODY) : List.of();
        }
        return granted(caller, target);
    }

    /**
     * Returns the other initiators and groups that a target is granted to, and that somebody can be who is one of these and no
     * less exactly: of their grants the first decides.
     *
     * @param grantee name of an initiator or group
     */
    public List<String> rivals(IscsiName target, String grantee) {
        TargetConfig of = targets.get(target.value());
        List<Host> own = hosts.getOrDefault(grantee, List.of());
        return of == null
                ? List.of()
                : of.grants().stream()
                        .map(GrantConfig::initiator)
                        .filter(other -> !other.equals(grantee))
                        .filter(other -> hosts.get(other).stream()
                                .anyMatch(host -> own.stream().anyMatch(host::rivals)))
                        .toList();
    }

    private List<Candidate> granted(Caller caller, TargetConfig target) {
        List<Candidate> candidates = new ArrayList<>();
        for (GrantConfig grant : target.grants()) {
            for (Host host : hosts.get(grant.initiator())) {
                Host.Exactness match = host.match(caller);
                if (match != null) {
                    candidates.add(new Candidate(host, match, grant));
                }
            }
        }
        return candidates;
    }

    /**
     * Returns what discovery shows to a caller. Where discovery asks for proof, only what he has proven counts.
     *
     * @param user the CHAP user that he has proven to be, or null
     */
    public Discovery discovery(Caller caller, String user) {
        return new Discovery(
                caller,
                targets,
                hosts,
                host -> host.match(caller) != null && (!security.discoveryChap() || host.provenBy(user)));
    }
}
