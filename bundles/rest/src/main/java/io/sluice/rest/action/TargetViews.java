package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.flag;
import static io.sluice.rest.shape.Field.number;
import static io.sluice.rest.shape.Field.numbers;
import static io.sluice.rest.shape.Field.objects;
import static io.sluice.rest.shape.Field.text;

import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.LunConfig;
import io.sluice.config.LunView;
import io.sluice.config.RedirectConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.TargetPortConfig;
import io.sluice.management.SessionStatus;
import io.sluice.management.TargetStatus;
import io.sluice.rest.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Targets as they are answered; docs/json.md says what the keys mean. */
final class TargetViews {

    static final Shape ROW = Shape.of(
            "TargetRow", text("target"), flag("enabled"), text("accessState"), number("luns"), number("sessions"));

    /** What an initiator sees as a LUN. */
    static final Shape VIEW = Shape.of("LunView", number("lun"), number("targetLun"), flag("readOnly"));

    static final Shape GRANT =
            Shape.of("Grant", text("initiator"), objects("luns", VIEW), flag("readOnly"), flag("manage"));

    static final Shape INFO = Shape.of(
            "Target",
            text("target"),
            flag("enabled"),
            text("accessState"),
            objects("luns", Shape.of("TargetLun", number("lun"), text("backstore"), flag("readOnly"))),
            objects("grants", GRANT),
            numbers("portalGroups"),
            objects("ports", Shape.of("TargetPort", number("group"), number("number"), text("accessState"))),
            text("redirectedTo").orNull(),
            flag("redirectedForGood"),
            objects("sessions", SessionViews.BRIEF));

    static final Shape LUN = Shape.of(
            "Lun",
            text("target"),
            number("lun"),
            text("backstore"),
            flag("readOnly"),
            objects("sessions", SessionViews.BRIEF.and("LunSession", number("lun"), flag("readOnly")))
                    .optional());

    private TargetViews() {}

    static Map<String, Object> row(TargetStatus status) {
        return new Entry()
                .put("target", status.config().name().value())
                .put("enabled", status.config().enabled())
                .put("accessState", status.config().accessState().label())
                .put("luns", status.config().luns().size())
                .put("sessions", status.sessions())
                .map();
    }

    /** @param sessions those of all targets */
    static Map<String, Object> info(TargetConfig config, List<SessionStatus> sessions) {
        RedirectConfig redirect = config.redirect();
        return new Entry()
                .put("target", config.name().value())
                .put("enabled", config.enabled())
                .put("accessState", config.accessState().label())
                .put("luns", config.luns().stream().map(TargetViews::ownLun).toList())
                .put("grants", config.grants().stream().map(TargetViews::grant).toList())
                .put("portalGroups", config.portalGroups())
                .put(
                        "ports",
                        config.ports().stream().map(port -> port(config, port)).toList())
                .put("redirectedTo", redirect == null ? null : redirect.address())
                .put("redirectedForGood", redirect != null && redirect.permanent())
                .put(
                        "sessions",
                        of(config, sessions).stream()
                                .map(session -> SessionViews.brief(session).map())
                                .toList())
                .map();
    }

    private static List<SessionStatus> of(TargetConfig target, List<SessionStatus> sessions) {
        return sessions.stream()
                .filter(session -> session.target().equals(target.name().value()))
                .toList();
    }

    private static Map<String, Object> ownLun(LunConfig lun) {
        return new Entry()
                .put("lun", lun.lun())
                .put("backstore", lun.backstore())
                .put("readOnly", lun.readOnly())
                .map();
    }

    private static Map<String, Object> port(TargetConfig config, TargetPortConfig port) {
        return new Entry()
                .put("group", port.group())
                .put("number", port.number())
                .put("accessState", config.accessState(port).label())
                .map();
    }

    static Map<String, Object> grant(GrantConfig grant) {
        return new Entry()
                .put("initiator", grant.initiator())
                .put("luns", grant.luns().stream().map(TargetViews::view).toList())
                .put("readOnly", grant.readOnly())
                .put("manage", grant.manage())
                .map();
    }

    private static Map<String, Object> view(LunView view) {
        return new Entry()
                .put("lun", view.lun())
                .put("targetLun", view.of())
                .put("readOnly", view.readOnly())
                .map();
    }

    /** @param sessions those of all targets; null if they are not asked for */
    static Map<String, Object> lun(
            GatewayConfig config, TargetConfig target, LunConfig lun, List<SessionStatus> sessions) {
        Entry entry = new Entry().put("target", target.name().value()).all(ownLun(lun));
        if (sessions == null) {
            return entry.map();
        }
        List<Map<String, Object>> seen = new ArrayList<>();
        for (SessionStatus session : of(target, sessions)) {
            for (LunView view : views(config, target, lun, session.admittedAs())) {
                seen.add(SessionViews.brief(session)
                        .put("lun", view.lun())
                        .put("readOnly", view.readOnly())
                        .map());
            }
        }
        return entry.put("sessions", seen).map();
    }

    /** As what somebody sees a LUN who was let in as an initiator; empty where everybody is. */
    private static List<LunView> views(GatewayConfig config, TargetConfig target, LunConfig lun, String admittedAs) {
        List<String> names = config.granteeNames(admittedAs);
        GrantConfig grant = target.grants().stream()
                .filter(candidate -> names.contains(candidate.initiator()))
                .findFirst()
                .orElse(null);
        if (grant == null || grant.luns().isEmpty()) {
            return List.of(new LunView(lun.lun(), lun.lun(), lun.readOnly() || grant != null && grant.readOnly()));
        }
        return grant.luns().stream()
                .filter(view -> view.of() == lun.lun())
                .map(view -> new LunView(view.lun(), view.of(), view.readOnly() || grant.readOnly() || lun.readOnly()))
                .toList();
    }
}
