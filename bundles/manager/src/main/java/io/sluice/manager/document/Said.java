package io.sluice.manager.document;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** What a document names; null for what it says nothing of. It may name things that are elsewhere. */
record Said(
        List<PortalConfig> portals,
        List<BackstoreConfig> backstores,
        List<TargetConfig> targets,
        List<InitiatorConfig> initiators,
        List<InitiatorGroupConfig> groups,
        SecurityConfig security) {

    /** Returns the configuration that has this and nothing else. */
    GatewayConfig config() {
        return new GatewayConfig(portals, backstores, targets, initiators, groups, security);
    }

    /** Returns a configuration that has this, and what it does not name of another. */
    GatewayConfig addedTo(GatewayConfig other) {
        return new GatewayConfig(
                merged("portal", other.portals(), portals, PortalConfig::address),
                merged("backstore", other.backstores(), backstores, BackstoreConfig::name),
                merged("target", other.targets(), targets, TargetConfig::name),
                merged("initiator", other.initiators(), initiators, InitiatorConfig::name),
                merged("group of initiators", other.groups(), groups, InitiatorGroupConfig::name),
                Objects.requireNonNullElse(security, other.security()));
    }

    /** What is changed stays in its place, and what is new follows. */
    private static <T, K> List<T> merged(String kind, List<T> old, List<T> said, Function<T, K> key) {
        Map<K, T> all = new LinkedHashMap<>();
        old.forEach(item -> all.put(key.apply(item), item));
        Set<K> named = new HashSet<>();
        for (T item : Objects.requireNonNullElse(said, List.<T>of())) {
            if (!named.add(key.apply(item))) {
                throw new IllegalArgumentException(kind + " " + key.apply(item) + " is there twice");
            }
            all.put(key.apply(item), item);
        }
        return new ArrayList<>(all.values());
    }
}
