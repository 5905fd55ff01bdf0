package io.sluice.config;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Everything that the gateway serves: one immutable document, kept in {@code etc/gateway.json}.
 *
 * @param portals addresses to listen on
 * @param backstores storage
 * @param targets targets with their mappings; a mapping names a backstore of this document, a grant an initiator or a group
 * @param initiators hosts that may be granted something
 * @param groups groups of initiators; no name is one of an initiator too
 * @param security how logins are made secure
 */
public record GatewayConfig(
        List<PortalConfig> portals,
        List<BackstoreConfig> backstores,
        List<TargetConfig> targets,
        List<InitiatorConfig> initiators,
        List<InitiatorGroupConfig> groups,
        SecurityConfig security) {

    /** A gateway that serves nothing. */
    public static final GatewayConfig EMPTY = new GatewayConfig(List.of(), List.of(), List.of());

    public GatewayConfig {
        portals = List.copyOf(Objects.requireNonNullElse(portals, List.of()));
        backstores = List.copyOf(Objects.requireNonNullElse(backstores, List.of()));
        targets = List.copyOf(Objects.requireNonNullElse(targets, List.of()));
        initiators = List.copyOf(Objects.requireNonNullElse(initiators, List.of()));
        groups = List.copyOf(Objects.requireNonNullElse(groups, List.of()));
        security = Objects.requireNonNullElse(security, SecurityConfig.DEFAULT);
        refuseDuplicates("portal", portals, PortalConfig::address);
        Set<String> stores = refuseDuplicates("backstore", backstores, BackstoreConfig::name);
        refuseDuplicates("target", targets, TargetConfig::name);
        Set<String> hosts = refuseDuplicates("initiator", initiators, InitiatorConfig::name);
        refuseDuplicates("group of initiators", groups, InitiatorGroupConfig::name);
        requireMembers(groups, hosts);
        Set<String> grantees = new HashSet<>(hosts);
        groups.forEach(group -> grantees.add(group.name()));
        targets.forEach(target -> requireKnown(target, stores, grantees));
        refuseDuplicates(
                "number of a target port",
                targets.stream().flatMap(target -> target.ports().stream()).toList(),
                TargetPortConfig::number);
        requireOneSecret(initiators);
    }

    /** Makes a gateway without initiators. */
    public GatewayConfig(List<PortalConfig> portals, List<BackstoreConfig> backstores, List<TargetConfig> targets) {
        this(portals, backstores, targets, List.of(), List.of(), SecurityConfig.DEFAULT);
    }

    private static void requireMembers(List<InitiatorGroupConfig> groups, Set<String> hosts) {
        for (InitiatorGroupConfig group : groups) {
            if (hosts.contains(group.name())) {
                throw new IllegalArgumentException(group.name() + " is both an initiator and a group of initiators");
            }
            for (String member : group.members()) {
                if (!hosts.contains(member)) {
                    throw new IllegalArgumentException(
                            "group " + group.name() + " names the initiator " + member + ", which does not exist");
                }
            }
        }
    }

    private static void requireKnown(TargetConfig target, Set<String> stores, Set<String> grantees) {
        for (LunConfig lun : target.luns()) {
            if (!stores.contains(lun.backstore())) {
                throw new IllegalArgumentException("LUN " + lun.lun() + " of target " + target.name()
                        + " names the backstore " + lun.backstore() + ", which does not exist");
            }
        }
        for (GrantConfig grant : target.grants()) {
            if (!grantees.contains(grant.initiator())) {
                throw new IllegalArgumentException("target " + target.name() + " is granted to " + grant.initiator()
                        + ", which is neither an initiator nor a group");
            }
        }
    }

    /** Of a CHAP user that two initiators have it must be known which secret is meant. */
    private static void requireOneSecret(List<InitiatorConfig> initiators) {
        Map<String, String> secrets = new HashMap<>();
        for (InitiatorConfig initiator : initiators) {
            ChapConfig chap = initiator.chap();
            String other = chap == null ? null : secrets.putIfAbsent(chap.user(), chap.secret());
            if (other != null && !other.equals(chap.secret())) {
                throw new IllegalArgumentException("CHAP user " + chap.user() + " has two secrets");
            }
        }
    }

    /** Returns the backstore of that name. */
    public Optional<BackstoreConfig> backstore(String name) {
        return backstores.stream().filter(store -> store.name().equals(name)).findFirst();
    }

    /** Returns the target of that name. */
    public Optional<TargetConfig> target(IscsiName name) {
        return targets.stream().filter(target -> target.name().equals(name)).findFirst();
    }

    /** Returns the initiator of that name. */
    public Optional<InitiatorConfig> initiator(String name) {
        return initiators.stream().filter(host -> host.name().equals(name)).findFirst();
    }

    /** Returns the group of that name. */
    public Optional<InitiatorGroupConfig> group(String name) {
        return groups.stream().filter(group -> group.name().equals(name)).findFirst();
    }

    /** Returns the names of the groups that an initiator is in. */
    public List<String> groupsOf(String initiator) {
        return groups.stream()
                .filter(group -> group.members().contains(initiator))
                .map(InitiatorGroupConfig::name)
                .toList();
    }

    /** Returns what a grant may call an initiator or a group: the names of its groups, and its own. */
    public List<String> granteeNames(String name) {
        return Stream.concat(groupsOf(name).stream(), Stream.of(name)).toList();
    }

    /** Returns a copy with other portals. */
    public GatewayConfig withPortals(List<PortalConfig> value) {
        return new GatewayConfig(value, backstores, targets, initiators, groups, security);
    }

    /** Returns a copy with other backstores. */
    public GatewayConfig withBackstores(List<BackstoreConfig> value) {
        return new GatewayConfig(portals, value, targets, initiators, groups, security);
    }

    /** Returns a copy with other targets. */
    public GatewayConfig withTargets(List<TargetConfig> value) {
        return new GatewayConfig(portals, backstores, value, initiators, groups, security);
    }

    /** Returns a copy with other initiators. */
    public GatewayConfig withInitiators(List<InitiatorConfig> value) {
        return new GatewayConfig(portals, backstores, targets, value, groups, security);
    }

    /** Returns a copy with other groups of initiators. */
    public GatewayConfig withGroups(List<InitiatorGroupConfig> value) {
        return new GatewayConfig(portals, backstores, targets, initiators, value, security);
    }

    /** Returns a copy with other security. */
    public GatewayConfig withSecurity(SecurityConfig value) {
        return new GatewayConfig(portals, backstores, targets, initiators, groups, value);
    }

    private static <T, K> Set<K> refuseDuplicates(String kind, Collection<T> items, Function<T, K> key) {
        Set<K> seen = new HashSet<>();
        for (T item : items) {
            if (!seen.add(key.apply(item))) {
                throw new IllegalArgumentException(kind + " " + key.apply(item) + " is there twice");
            }
        }
        return seen;
    }
}
