package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.number;
import static io.sluice.rest.shape.Field.objects;
import static io.sluice.rest.shape.Field.text;
import static io.sluice.rest.shape.Field.texts;

import io.sluice.config.ChapConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.LimitConfig;
import io.sluice.config.Network;
import io.sluice.config.TargetConfig;
import io.sluice.management.SessionStatus;
import io.sluice.rest.shape.Field;
import io.sluice.rest.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Initiators and groups of them as they are answered; docs/json.md says what the keys mean. Secrets are not in it. */
final class InitiatorViews {

    static final Shape ROW = Shape.of(
            "InitiatorRow",
            text("name"),
            text("kind"),
            texts("iqns"),
            texts("addresses"),
            text("chapUser").orNull(),
            text("mutualUser").orNull(),
            number("limitCommandsPerSecond").orNull(),
            number("limitBytesPerSecond").orNull(),
            number("limitBurstMillis").orNull(),
            texts("members"));

    static final Shape INFO = ROW.and(
            "Initiator",
            texts("groups"),
            objects("grants", new Shape("InitiatorGrant", prepended(text("target"), TargetViews.GRANT.fields()))),
            objects(
                    "sessions",
                    SessionViews.BRIEF.and("InitiatorSession", text("target").orNull())));

    private InitiatorViews() {}

    private static List<Field> prepended(Field first, List<Field> others) {
        List<Field> all = new ArrayList<>(others);
        all.add(0, first);
        return all;
    }

    static Map<String, Object> row(InitiatorConfig initiator) {
        return initiator(initiator).map();
    }

    static Map<String, Object> row(InitiatorGroupConfig group) {
        return group(group).map();
    }

    private static Entry initiator(InitiatorConfig initiator) {
        Entry entry = new Entry()
                .put("name", initiator.name())
                .put("kind", "initiator")
                .put("iqns", initiator.names())
                .put(
                        "addresses",
                        initiator.addresses().stream().map(Network::toString).toList())
                .put("chapUser", user(initiator.chap()))
                .put("mutualUser", user(initiator.mutual()));
        return limits(entry, initiator.limits()).put("members", List.of());
    }

    private static Entry group(InitiatorGroupConfig group) {
        Entry entry = new Entry()
                .put("name", group.name())
                .put("kind", "group")
                .put("iqns", List.of())
                .put("addresses", List.of())
                .put("chapUser", null)
                .put("mutualUser", null);
        return limits(entry, null).put("members", group.members());
    }

    private static String user(ChapConfig chap) {
        return chap == null ? null : chap.user();
    }

    private static Entry limits(Entry entry, LimitConfig limits) {
        return entry.put("limitCommandsPerSecond", limits == null || limits.iops() == 0 ? null : limits.iops())
                .put(
                        "limitBytesPerSecond",
                        limits == null || limits.bandwidthBytes() == 0 ? null : limits.bandwidthBytes())
                .put("limitBurstMillis", limits == null ? null : limits.burstMillis());
    }

    static Map<String, Object> info(GatewayConfig config, InitiatorConfig initiator, List<SessionStatus> sessions) {
        Entry entry = initiator(initiator).put("groups", config.groupsOf(initiator.name()));
        return use(entry, config, initiator.name(), List.of(initiator.name()), sessions);
    }

    static Map<String, Object> info(GatewayConfig config, InitiatorGroupConfig group, List<SessionStatus> sessions) {
        return use(group(group).put("groups", List.of()), config, group.name(), group.members(), sessions);
    }

    private static Map<String, Object> use(
            Entry entry, GatewayConfig config, String name, List<String> members, List<SessionStatus> sessions) {
        List<String> names = config.granteeNames(name);
        List<Map<String, Object>> grants = new ArrayList<>();
        for (TargetConfig target : config.targets()) {
            for (GrantConfig grant : target.grants()) {
                if (names.contains(grant.initiator())) {
                    grants.add(new Entry()
                            .put("target", target.name().value())
                            .all(TargetViews.grant(grant))
                            .map());
                }
            }
        }
        return entry.put("grants", grants)
                .put(
                        "sessions",
                        sessions.stream()
                                .filter(session -> members.contains(session.admittedAs()))
                                .map(session -> SessionViews.brief(session)
                                        .orNull("target", session.target())
                                        .map())
                                .toList())
                .map();
    }
}
