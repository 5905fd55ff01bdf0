package io.sluice.manager;

import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.LunConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.TargetPortConfig;
import io.sluice.management.Difference;
import io.sluice.management.Difference.Change;
import io.sluice.manager.document.Documents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says what one configuration has that another has not. What it takes grows with the two, and not with their product. */
final class Differences {

    private static final Map<String, Function<BackstoreConfig, Object>> FIELDS = new LinkedHashMap<>();
    private static final String IDENTITY = "identity";

    private static final Map<String, Function<InitiatorConfig, Object>> INITIATOR = new LinkedHashMap<>();
    private static final Map<String, Function<InitiatorGroupConfig, Object>> GROUP =
            Map.of("members", InitiatorGroupConfig::members);

    static {
        INITIATOR.put("names", InitiatorConfig::names);
        INITIATOR.put("addresses", InitiatorConfig::addresses);
        INITIATOR.put("chap", InitiatorConfig::chap);
        INITIATOR.put("mutual", InitiatorConfig::mutual);
        INITIATOR.put("limits", InitiatorConfig::limits);
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
        FIELDS.put(IDENTITY, BackstoreConfig::identity);
        FIELDS.put("options", BackstoreConfig::options);
        FIELDS.put("layers", BackstoreConfig::layers);
    }

    private final GatewayConfig before;
    private final GatewayConfig after;
    private final List<Difference> found = new ArrayList<>();

    private Differences(GatewayConfig before, GatewayConfig after) {
        this.before = before;
        this.after = after;
    }

    /**
     * Returns all differences.
     *
     * @param wanted what was asked for, which may not have been possible
     * @param portals returns where a configuration listens, which one without portals does not say
     */
    static List<Difference> of(
            GatewayConfig before,
            GatewayConfig wanted,
            GatewayConfig after,
            Function<GatewayConfig, List<PortalConfig>> portals) {
        Differences differences = new Differences(before, after);
        differences.backstores(wanted);
        differences.compare("initiator", before.initiators(), after.initiators(), InitiatorConfig::name, INITIATOR);
        differences.compare("group", before.groups(), after.groups(), InitiatorGroupConfig::name, GROUP);
        if (!before.security().equals(after.security())) {
            differences.add(
                    Change.CHANGE,
                    "security",
                    "",
                    "security changed",
                    field(
                            "algorithms",
                            before.security().algorithms(),
                            after.security().algorithms()),
                    field(
                            "discoveryChap",
                            before.security().discoveryChap(),
                            after.security().discoveryChap()));
        }
        differences.targets();
        differences.portals(portals.apply(before), portals.apply(after));
        return List.copyOf(differences.found);
    }

    /** Returns the lines of differences. */
    static List<String> lines(List<Difference> differences) {
        return differences.stream().map(Difference::line).toList();
    }

    private void add(Change change, String kind, Object name, String line, Difference.Field... fields) {
        List<Difference.Field> real = new ArrayList<>();
        for (Difference.Field field : fields) {
            if (!field.before().equals(field.after())) {
                real.add(field);
            }
        }
        found.add(new Difference(change, kind, String.valueOf(name), real, List.of(), line));
    }

    private static Difference.Field field(String name, Object before, Object after) {
        return new Difference.Field(name, text(before), text(after));
    }

    private static String text(Object value) {
        return value == null ? "" : Documents.value(value);
    }

    /** Returns the names of the fields in which two backstores differ. */
    static List<String> fields(BackstoreConfig one, BackstoreConfig other) {
        return FIELDS.entrySet().stream()
                .filter(field -> !Objects.equals(
                        field.getValue().apply(one), field.getValue().apply(other)))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static <K, T> Map<K, T> byName(List<T> items, Function<T, K> name) {
        return items.stream().collect(Collectors.toMap(name, Function.identity()));
    }

    private void backstores(GatewayConfig wanted) {
        if (before.backstores().equals(after.backstores())) {
            return;
        }
        Map<String, BackstoreConfig> known = byName(before.backstores(), BackstoreConfig::name);
        Map<String, BackstoreConfig> present = byName(after.backstores(), BackstoreConfig::name);
        Map<String, BackstoreConfig> asked = byName(wanted.backstores(), BackstoreConfig::name);
        for (BackstoreConfig old : before.backstores()) {
            if (!present.containsKey(old.name())) {
                add(Change.REMOVE, "backstore", old.name(), "backstore " + old.name() + " removed");
            }
        }
        for (BackstoreConfig now : after.backstores()) {
            BackstoreConfig old = known.get(now.name());
            boolean thickened = asked.get(now.name()).thin() && !now.thin();
            String thick = thickened ? ", thick because its storage cannot give blocks back" : "";
            if (!now.equals(old)) {
                backstore(old, now, thick);
            }
        }
    }

    private void backstore(BackstoreConfig old, BackstoreConfig now, String thick) {
        if (old == null) {
            // An identity that is drawn is another one each time.
            add(
                    Change.ADD,
                    "backstore",
                    now.name(),
                    "backstore " + now.name() + " made: type " + now.type() + ", " + now.sizeBytes() + " bytes" + thick,
                    FIELDS.entrySet().stream()
                            .filter(entry -> !entry.getKey().equals(IDENTITY))
                            .map(entry ->
                                    field(entry.getKey(), null, entry.getValue().apply(now)))
                            .toArray(Difference.Field[]::new));
            return;
        }
        List<String> fields = fields(old, now);
        add(
                Change.CHANGE,
                "backstore",
                now.name(),
                fields.equals(List.of("sizeBytes"))
                        ? "backstore " + now.name() + " resized from " + old.sizeBytes() + " to " + now.sizeBytes()
                                + " bytes"
                        : "backstore " + now.name() + " opened anew with another " + String.join(", ", fields) + thick,
                fields.stream()
                        .map(name -> field(
                                name,
                                FIELDS.get(name).apply(old),
                                FIELDS.get(name).apply(now)))
                        .toArray(Difference.Field[]::new));
    }

    private void targets() {
        if (before.targets().equals(after.targets())) {
            return;
        }
        Map<?, TargetConfig> known = byName(before.targets(), TargetConfig::name);
        Map<?, TargetConfig> present = byName(after.targets(), TargetConfig::name);
        for (TargetConfig old : before.targets()) {
            if (!present.containsKey(old.name())) {
                add(Change.REMOVE, "target", old.name(), "target " + old.name() + " removed");
            }
        }
        for (TargetConfig now : after.targets()) {
            TargetConfig old = known.get(now.name());
            if (old == null) {
                add(Change.ADD, "target", now.name(), "target " + now.name() + " made");
                old = new TargetConfig(now.name(), true, null, List.of());
            }
            if (!now.equals(old)) {
                settings(old, now);
                grants(old, now);
                luns(old, now);
            }
        }
    }

    private void changed(TargetConfig now, String words, Difference.Field field) {
        add(Change.CHANGE, "target", now.name(), "target " + now.name() + " " + words, field);
    }

    private void settings(TargetConfig old, TargetConfig now) {
        if (old.enabled() != now.enabled()) {
            changed(now, now.enabled() ? "enabled" : "disabled", field("enabled", old.enabled(), now.enabled()));
        }
        if (old.accessState() != now.accessState()) {
            changed(
                    now,
                    "is " + now.accessState().label(),
                    field(
                            "accessState",
                            old.accessState().label(),
                            now.accessState().label()));
        }
        ports(old, now);
        if (!old.portalGroups().equals(now.portalGroups())) {
            changed(
                    now,
                    "is reached through "
                            + (now.portalGroups().isEmpty()
                                    ? "all portal groups"
                                    : "portal groups " + now.portalGroups()),
                    field("portalGroups", old.portalGroups(), now.portalGroups()));
        }
        if (!Objects.equals(old.redirect(), now.redirect())) {
            changed(
                    now,
                    now.redirect() == null
                            ? "redirects nobody any more"
                            : "redirects to " + now.redirect().address(),
                    field("redirect", old.redirect(), now.redirect()));
        }
    }

    /** A port that is drawn for a group of portals that comes says nothing that these do not say. */
    private void ports(TargetConfig old, TargetConfig now) {
        Map<Integer, TargetPortConfig> rest = byName(old.ports(), TargetPortConfig::group);
        for (TargetPortConfig port : now.ports()) {
            TargetPortConfig was = rest.remove(port.group());
            AccessState before = was == null ? null : was.accessState();
            if (before != port.accessState()) {
                port(old, now, "is " + now.accessState(port).label(), port.group());
            }
            if (was != null && was.number() != port.number()) {
                port(old, now, "has number " + port.number(), port.group());
            }
        }
        rest.keySet().forEach(group -> port(old, now, "has no number", group));
    }

    private void port(TargetConfig old, TargetConfig now, String words, int group) {
        changed(now, words + " in portal group " + group, field("ports", old.ports(), now.ports()));
    }

    private void luns(TargetConfig old, TargetConfig now) {
        for (LunConfig lun : old.luns()) {
            if (now.lun(lun.lun()).isEmpty()) {
                add(Change.REMOVE, "lun", lunName(now, lun), "target " + lunName(now, lun) + " removed");
            }
        }
        for (LunConfig lun : now.luns()) {
            if (!old.luns().contains(lun)) {
                LunConfig was = old.lun(lun.lun()).orElse(null);
                add(
                        was == null ? Change.ADD : Change.CHANGE,
                        "lun",
                        lunName(now, lun),
                        "target " + lunName(now, lun) + " is backstore " + lun.backstore()
                                + (lun.readOnly() ? ", read-only" : ""),
                        field("backstore", was == null ? null : was.backstore(), lun.backstore()),
                        field("readOnly", was == null ? null : was.readOnly(), lun.readOnly()));
            }
        }
    }

    private static String lunName(TargetConfig target, LunConfig lun) {
        return target.name() + " lun " + lun.lun();
    }

    private void grants(TargetConfig old, TargetConfig now) {
        for (GrantConfig grant : old.grants()) {
            if (now.grant(grant.initiator()).isEmpty()) {
                add(
                        Change.REMOVE,
                        "grant",
                        now.name() + " " + grant.initiator(),
                        "target " + now.name() + " no longer granted to " + grant.initiator());
            }
        }
        for (GrantConfig grant : now.grants()) {
            if (!old.grants().contains(grant)) {
                GrantConfig was = old.grant(grant.initiator()).orElse(null);
                add(
                        was == null ? Change.ADD : Change.CHANGE,
                        "grant",
                        now.name() + " " + grant.initiator(),
                        "target " + now.name() + " granted to " + grant.initiator()
                                + (grant.luns().isEmpty()
                                        ? ""
                                        : " with " + grant.luns().size() + " LUNs of its own")
                                + (grant.readOnly() ? ", read-only" : "")
                                + (grant.manage() ? ", which may manage" : ""),
                        field("luns", was == null ? null : was.luns(), grant.luns()),
                        field("readOnly", was == null ? null : was.readOnly(), grant.readOnly()),
                        field("manage", was == null ? null : was.manage(), grant.manage()));
            }
        }
        if (now.grants().isEmpty() && !old.grants().isEmpty()) {
            changed(now, "is open to everybody", field("grants", old.grants(), now.grants()));
        }
    }

    private <T> void compare(
            String kind, List<T> old, List<T> now, Function<T, String> name, Map<String, Function<T, Object>> fields) {
        Map<String, T> known = byName(old, name);
        for (T item : now) {
            T previous = known.remove(name.apply(item));
            if (!item.equals(previous)) {
                add(
                        previous == null ? Change.ADD : Change.CHANGE,
                        kind,
                        name.apply(item),
                        kind + " " + name.apply(item) + (previous == null ? " made" : " changed"),
                        fields.entrySet().stream()
                                .map(one -> field(
                                        one.getKey(),
                                        previous == null ? null : one.getValue().apply(previous),
                                        one.getValue().apply(item)))
                                .toArray(Difference.Field[]::new));
            }
        }
        known.keySet().stream()
                .sorted()
                .forEach(gone -> add(Change.REMOVE, kind, gone, kind + " " + gone + " removed"));
    }

    private void portals(List<PortalConfig> old, List<PortalConfig> now) {
        old.stream()
                .filter(portal -> now.stream().noneMatch(portal::sameAddress))
                .forEach(portal -> add(Change.REMOVE, "portal", portal, "portal " + portal + " closed"));
        for (PortalConfig portal : now) {
            if (!old.contains(portal)) {
                PortalConfig was =
                        old.stream().filter(portal::sameAddress).findFirst().orElse(null);
                add(
                        was == null ? Change.ADD : Change.CHANGE,
                        "portal",
                        portal,
                        "portal " + portal + (was == null ? " opened" : " changed"),
                        field("group", was == null ? null : was.group(), portal.group()),
                        field("announce", was == null ? null : was.announce(), portal.announce()),
                        field("openToAll", was == null ? null : was.openToAll(), portal.openToAll()));
            }
        }
    }
}
