package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.flag;
import static io.sluice.rest.shape.Field.number;
import static io.sluice.rest.shape.Field.objects;
import static io.sluice.rest.shape.Field.text;

import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.LunConfig;
import io.sluice.config.LunView;
import io.sluice.config.TargetConfig;
import io.sluice.management.Role;
import io.sluice.management.SessionStatus;
import io.sluice.rest.shape.Fields;
import io.sluice.rest.shape.Shape;
import java.util.List;
import java.util.Map;

/** What can be done with LUNs of targets, and who may use them. */
final class LunActions {

    private static final String LUNS = "/targets/{iqn}/luns";
    private static final String LUN = LUNS + "/{lun}";
    private static final String GRANTS = "/targets/{iqn}/grants";
    private static final String GRANT = GRANTS + "/{initiator}";

    private static final Shape NEW = Shape.of(
            "NewLun",
            text("backstore").says("Name of the backstore", "disk1"),
            number("lun").optional().says("The LUN; the first free one if left out", 5L),
            flag("readOnly").optional().says("Whether writes through it are refused", false));

    private static final Shape OTHER =
            Shape.of("LunBackstore", text("backstore").says("The backstore to put in its place", "disk1"));

    private static final Shape REPLACED = Shape.of("Replaced", text("replaced"));

    private static final Shape GRANTED = Shape.of(
            "GrantSettings",
            objects(
                            "luns",
                            Shape.of(
                                    "LunViewSettings",
                                    number("lun"),
                                    number("targetLun").optional(),
                                    flag("readOnly").optional()))
                    .optional()
                    .says("LUNs that it sees; all if left out", List.of(Map.of("lun", 0L, "targetLun", 5L))),
            flag("readOnly").optional().says("Whether it may only read", false),
            flag("manage").optional().says("Whether it may reset the target and change its access states", false));

    private static final Shape WITH_SESSIONS =
            Shape.of("", flag("sessions").optional().says("Tells too who can use each", true));

    private static final Shape OPEN = Shape.of(
            "",
            flag("openToAll")
                    .optional()
                    .says("Takes the last one back too, which opens the target to everybody", true));

    private LunActions() {}

    static List<Action> rows() {
        return List.of(
                Action.show("/luns", "lun:list", "Lists LUNs of all targets")
                        .queries(WITH_SESSIONS)
                        .answersMany(TargetViews.LUN)
                        .does(call -> list(call, call.gateway().config().targets()), "config()", "sessions()"),
                Action.show(LUNS, "lun:list", "Lists LUNs of a target")
                        .queries(WITH_SESSIONS)
                        .answersMany(TargetViews.LUN)
                        .does(call -> list(call, List.of(target(call))), "config()", "sessions()"),
                Action.of("POST", LUNS, Role.ADMIN, "lun:map", "Maps a backstore to a LUN")
                        .takes(NEW)
                        .answers(201, TargetViews.LUN)
                        .does(LunActions::map, "mapLun(IscsiName, LunConfig)", "config()"),
                Action.show(LUN, "lun:list", "Shows a LUN")
                        .queries(WITH_SESSIONS)
                        .answers(200, TargetViews.LUN)
                        .does(LunActions::show, "config()", "sessions()"),
                Action.of("PATCH", LUN, Role.ADMIN, "lun:replace", "Puts another backstore in the place of its own")
                        .takes(OTHER)
                        .answers(200, REPLACED)
                        .does(LunActions::replace, "replaceLun(IscsiName, int, String)"),
                Action.of("DELETE", LUN, Role.ADMIN, "lun:unmap", "Removes a LUN; the backstore stays")
                        .queries(TargetActions.FORCE)
                        .does(LunActions::unmap, "unmapLun(IscsiName, int, boolean)"),
                Action.show(GRANTS, "target:info", "Lists who may use a target")
                        .answersMany(TargetViews.GRANT)
                        .does(
                                call -> Reply.ok(target(call).grants().stream()
                                        .map(TargetViews::grant)
                                        .toList()),
                                "config()"),
                Action.show(GRANT, "target:info", "Shows what an initiator may use")
                        .answers(200, TargetViews.GRANT)
                        .does(LunActions::grant, "config()"),
                Action.of("PUT", GRANT, Role.ADMIN, "target:allow", "Says what an initiator may use")
                        .takes(GRANTED)
                        .does(LunActions::allow, "allow(IscsiName, GrantConfig)"),
                Action.of("DELETE", GRANT, Role.ADMIN, "target:deny", "Takes back what it was allowed")
                        .queries(OPEN)
                        .does(LunActions::deny, "deny(IscsiName, String, boolean)"));
    }

    private static TargetConfig target(Call call) {
        return call.gateway()
                .config()
                .target(call.target())
                .orElseThrow(() -> Refusals.absent("target", call.target().value()));
    }

    private static List<SessionStatus> sessions(Call call) {
        return call.query().flag("sessions", false) ? call.gateway().sessions() : null;
    }

    private static Reply list(Call call, List<TargetConfig> targets) {
        GatewayConfig config = call.gateway().config();
        List<SessionStatus> sessions = sessions(call);
        return Reply.ok(targets.stream()
                .flatMap(target -> target.luns().stream().map(lun -> TargetViews.lun(config, target, lun, sessions)))
                .toList());
    }

    private static Reply show(Call call) {
        TargetConfig target = target(call);
        LunConfig lun = target.lun(call.number("lun")).orElseThrow(() -> Refusals.absent("LUN", call.value("lun")));
        return Reply.ok(TargetViews.lun(call.gateway().config(), target, lun, sessions(call)));
    }

    private static Reply map(Call call) throws ConfigException {
        TargetConfig target = target(call);
        LunConfig lun = new LunConfig(
                call.body().integer("lun", target.nextFreeLun()),
                call.body().text("backstore"),
                call.body().flag("readOnly", false));
        call.gateway().mapLun(target.name(), lun);
        return Reply.created(
                Paths.of("targets", target.name().value(), "luns", Integer.toString(lun.lun())),
                TargetViews.lun(call.gateway().config(), target, lun, null));
    }

    private static Reply replace(Call call) throws ConfigException {
        String before = call.gateway()
                .replaceLun(call.target(), call.number("lun"), call.body().text("backstore"));
        return Reply.ok(Map.of("replaced", before));
    }

    private static Reply unmap(Call call) throws ConfigException {
        call.gateway().unmapLun(call.target(), call.number("lun"), call.query().flag("force", false));
        return Reply.done();
    }

    private static Reply grant(Call call) {
        return target(call)
                .grant(call.value("initiator"))
                .map(grant -> Reply.ok(TargetViews.grant(grant)))
                .orElseThrow(() -> Refusals.absent("grant to", call.value("initiator")));
    }

    private static Reply allow(Call call) throws ConfigException {
        List<LunView> views =
                call.body().objects("luns").stream().map(LunActions::view).toList();
        GrantConfig grant = new GrantConfig(
                call.value("initiator"),
                views,
                call.body().flag("readOnly", false),
                call.body().flag("manage", false));
        call.gateway().access().allow(call.target(), grant);
        return Reply.done();
    }

    private static LunView view(Fields view) {
        int lun = view.integer("lun", 0);
        return new LunView(lun, view.integer("targetLun", lun), view.flag("readOnly", false));
    }

    private static Reply deny(Call call) throws ConfigException {
        call.gateway()
                .access()
                .deny(call.target(), call.value("initiator"), call.query().flag("openToAll", false));
        return Reply.done();
    }
}
