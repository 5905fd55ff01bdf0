package io.sluice.manager;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.LunConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.TargetPortConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says in lines for people what one configuration has that another has not. */
final class Differences {

    private static final Map<String, Function<BackstoreConfig, Object>> FIELDS = new LinkedHashMap<>();

    static {
        FIELDS.put("type", BackstoreConfig::type);
        FIELDS.put("sizeBytes", BackstoreConfig::sizeBytes);
        FIELDS.put("blockSize", BackstoreConfig::blockSize);
        FIELDS.put("physicalBlockSize", BackstoreConfig::physicalBlockSize);
        FIELDS.put("thin", BackstoreConfig::thin);
        FIELDS.put("readOnly", BackstoreConfig::readOnly);
        FIELDS.put("removable", BackstoreConfig::removable);
        FIELDS.put("unmap", BackstoreConfig::unmap);
        FIELDS.put("writeThrough", BackstoreConfig::writeThrough);
        FIELDS.put("thresholdPercent", BackstoreConfig::thresholdPercent);
        FIELDS.put("identity", BackstoreConfig::identity);
        FIELDS.put("options", BackstoreConfig::options);
        FIELDS.put("layers", BackstoreConfig::layers);
    }

    private final GatewayConfig before;
    private final GatewayConfig after;
    private final List<String> lines = new ArrayList<>();

    Differences(GatewayConfig before, GatewayConfig after) {
        this.before = before;
        this.after = after;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Returns the names of the fields in which two backstores differ. */
    static List<String> fields(BackstoreConfig one, BackstoreConfig other) {
        return FIELDS.entrySet().stream()
                .filter(field -> !Objects.equals(
                        field.getValue().apply(one), field.getValue().apply(other)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** @param wanted what was asked for, which may not have been possible */
    void backstores(GatewayConfig wanted) {
        for (BackstoreConfig old : before.backstores()) {
            if (after.backstore(old.name()).isEmpty()) {
                lines.add("backstore " + old.name() + " removed");
            }
        }
        for (BackstoreConfig now : after.backstores()) {
            BackstoreConfig old = before.backstore(now.name()).orElse(null);
            boolean thickened = wanted.backstore(now.name()).orElseThrow().thin() && !now.thin();
            String thick = thickened ? ", thick because its storage cannot give blocks back" : "";
            if (old == null) {
                lines.add("backstore " + now.name() + " made: type " + now.type() + ", " + now.sizeBytes() + " bytes"
                        + thick);
            } else if (!now.equals(old)) {
                List<String> fields = fields(old, now);
                lines.add(
                        fields.equals(List.of("sizeBytes"))
                                ? "backstore " + now.name() + " resized from " + old.sizeBytes() + " to "
                                        + now.sizeBytes() + " bytes"
                                : "backstore " + now.name() + " opened anew with another " + String.join(", ", fields)
                                        + thick);
            }
        }
    }

    void targets() {
        for (TargetConfig old : before.targets()) {
            if (after.target(old.name()).isEmpty()) {
                lines.add("target " + old.name() + " removed");
            }
        }
        for (TargetConfig now : after.targets()) {
            TargetConfig old = before.target(now.name()).orElse(null);
            if (old == null) {
                lines.add("target " + now.name() + " made");
                old = new TargetConfig(now.name(), true, null, List.of());
            }
            target(old, now);
        }
    }

    private void target(TargetConfig old, TargetConfig now) {
        if (old.enabled() != now.enabled()) {
            lines.add("target " + now.name() + (now.enabled() ? " enabled" : " disabled"));
        }
        if (old.accessState() != now.accessState()) {
            lines.add("target " + now.name() + " is " + now.accessState().label());
        }
        for (TargetPortConfig port : now.ports()) {
            if (port.accessState() != null && !old.ports().contains(port)) {
                lines.add("target " + now.name() + " is " + port.accessState().label() + " in portal group "
                        + port.group());
            }
        }
        if (!old.portalGroups().equals(now.portalGroups())) {
            lines.add("target " + now.name() + " is reached through "
                    + (now.portalGroups().isEmpty() ? "all portal groups" : "portal groups " + now.portalGroups()));
        }
        if (!Objects.equals(old.redirect(), now.redirect())) {
            lines.add("target " + now.name()
                    + (now.redirect() == null
                            ? " redirects nobody any more"
                            : " redirects to " + now.redirect().address()));
        }
        grants(old, now);
        for (LunConfig lun : old.luns()) {
            if (now.lun(lun.lun()).isEmpty()) {
                lines.add("target " + now.name() + " lun " + lun.lun() + " removed");
            }
        }
        for (LunConfig lun : now.luns()) {
            if (!old.luns().contains(lun)) {
                lines.add("target " + now.name() + " lun " + lun.lun() + " is backstore " + lun.backstore()
                        + (lun.readOnly() ? ", read-only" : ""));
            }
        }
    }

    private void grants(TargetConfig old, TargetConfig now) {
        for (GrantConfig grant : old.grants()) {
            if (now.grant(grant.initiator()).isEmpty()) {
                lines.add("target " + now.name() + " no longer granted to " + grant.initiator());
            }
        }
        for (GrantConfig grant : now.grants()) {
            if (!old.grants().contains(grant)) {
                lines.add("target " + now.name() + " granted to " + grant.initiator()
                        + (grant.luns().isEmpty() ? "" : " with " + grant.luns().size() + " LUNs of its own")
                        + (grant.readOnly() ? ", read-only" : "")
                        + (grant.manage() ? ", which may manage" : ""));
            }
        }
        if (now.grants().isEmpty() && !old.grants().isEmpty()) {
            lines.add("target " + now.name() + " is open to everybody");
        }
    }

    /** What is said of hosts, apart from what targets grant them. */
    void initiators() {
        compare("initiator", before.initiators(), after.initiators(), InitiatorConfig::name);
        compare("group", before.groups(), after.groups(), InitiatorGroupConfig::name);
        if (!before.security().equals(after.security())) {
            lines.add("security changed");
        }
    }

    private <T> void compare(String kind, List<T> old, List<T> now, Function<T, String> name) {
        Map<String, T> known = old.stream().collect(Collectors.toMap(name, Function.identity()));
        for (T item : now) {
            T previous = known.remove(name.apply(item));
            if (!item.equals(previous)) {
                lines.add(kind + " " + name.apply(item) + (previous == null ? " made" : " changed"));
            }
        }
        known.keySet().stream().sorted().forEach(gone -> lines.add(kind + " " + gone + " removed"));
    }

    /** @param old where the gateway listened, which a configuration without portals does not say */
    void portals(List<PortalConfig> old, List<PortalConfig> now) {
        old.stream()
                .filter(portal -> now.stream().noneMatch(portal::sameAddress))
                .forEach(portal -> lines.add("portal " + portal + " closed"));
        now.stream()
                .filter(portal -> !old.contains(portal))
                .forEach(portal -> lines.add(
                        "portal " + portal + (old.stream().anyMatch(portal::sameAddress) ? " changed" : " opened")));
    }
}
