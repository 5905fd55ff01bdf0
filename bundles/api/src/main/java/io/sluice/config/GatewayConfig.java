package io.sluice.config;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Everything that the gateway serves: one immutable document, kept in {@code etc/gateway.json}.
 *
 * @param portals addresses to listen on
 * @param backstores storage
 * @param targets targets with their mappings; a mapping names a backstore of this document
 */
public record GatewayConfig(List<PortalConfig> portals, List<BackstoreConfig> backstores, List<TargetConfig> targets) {

    /** A gateway that serves nothing. */
    public static final GatewayConfig EMPTY = new GatewayConfig(List.of(), List.of(), List.of());

    public GatewayConfig {
        portals = List.copyOf(Objects.requireNonNullElse(portals, List.of()));
        backstores = List.copyOf(Objects.requireNonNullElse(backstores, List.of()));
        targets = List.copyOf(Objects.requireNonNullElse(targets, List.of()));
        refuseDuplicates("portal", portals, Function.identity());
        Set<String> known = refuseDuplicates("backstore", backstores, BackstoreConfig::name);
        refuseDuplicates("target", targets, TargetConfig::name);
        for (TargetConfig target : targets) {
            for (LunConfig lun : target.luns()) {
                if (!known.contains(lun.backstore())) {
                    throw new IllegalArgumentException("LUN " + lun.lun() + " of target " + target.name()
                            + " names the backstore " + lun.backstore() + ", which does not exist");
                }
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
