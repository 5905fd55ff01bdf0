package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.flag;
import static io.sluice.rest.shape.Field.numbers;
import static io.sluice.rest.shape.Field.object;
import static io.sluice.rest.shape.Field.text;
import static io.sluice.rest.shape.Field.texts;

import io.sluice.config.AccessState;
import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.config.RedirectConfig;
import io.sluice.config.TargetConfig;
import io.sluice.management.Gateway;
import io.sluice.management.Role;
import io.sluice.management.TargetStatus;
import io.sluice.rest.shape.RefusedException;
import io.sluice.rest.shape.Shape;
import java.util.List;
import java.util.Map;

/** What can be done with targets. */
final class TargetActions {

    private static final String TARGET = "/targets/{iqn}";

    private static final Shape NEW = Shape.of(
            "NewTarget",
            text("target").says("Its iSCSI name", "iqn.2026-11.io.sluice:disk1"),
            texts("backstores").optional().says("Backstores that exist, for LUNs from 0 up", List.of("disk0")),
            object("backstore", BackstoreActions.NEW)
                    .optional()
                    .says("A backstore to make and map as LUN 0", Map.of("name", "disk1", "type", "file")));

    private static final Shape ENABLED =
            Shape.of("Enabled", flag("enabled").says("Whether logins are accepted; false ends sessions", false));

    private static final Shape ACCESS = Shape.of(
            "AccessState",
            text("accessState").says("active-optimized, active-non-optimized, standby or unavailable", "standby"));

    private static final Shape GROUPS = Shape.of(
            "PortalGroups", numbers("portalGroups").says("Groups that reach it; empty for all", List.of(1L, 2L)));

    private static final Shape REDIRECT = Shape.of(
            "Redirect",
            text("redirectedTo").says("ADDRESS:PORT to send initiators to", "192.0.2.2:3260"),
            flag("redirectedForGood").optional().says("Whether they are to remember it", false));

    static final Shape FORCE = Shape.of("", flag("force").optional().says("Even if sessions use it", true));

    private TargetActions() {}

    static List<Action> rows() {
        return List.of(
                Action.show("/targets", "target:list", "Lists targets")
                        .answersMany(TargetViews.ROW)
                        .does(
                                call -> Reply.ok(call.gateway().targets().stream()
                                        .map(TargetViews::row)
                                        .toList()),
                                "targets()"),
                Action.of("POST", "/targets", Role.ADMIN, "target:create", "Creates a target")
                        .takes(NEW)
                        .answers(201, TargetViews.INFO)
                        .does(
                                TargetActions::create,
                                "createTarget(IscsiName, List)",
                                "createTarget(IscsiName, BackstoreRequest)",
                                "targets()",
                                "sessions()"),
                Action.show(TARGET, "target:info", "Shows a target")
                        .answers(200, TargetViews.INFO)
                        .does(call -> Reply.ok(info(call.gateway(), call.target())), "targets()", "sessions()"),
                Action.of("DELETE", TARGET, Role.ADMIN, "target:delete", "Removes a target; its backstores stay")
                        .queries(FORCE)
                        .does(TargetActions::delete, "deleteTarget(IscsiName, boolean)"),
                // Of target:enable and target:disable the roles are the same.
                Action.of("PUT", TARGET + "/enabled", Role.OPERATOR, "target:disable", "Accepts logins, or no more")
                        .takes(ENABLED)
                        .does(TargetActions::enable, "setTargetEnabled(IscsiName, boolean)"),
                Action.of("PUT", TARGET + "/access-state", Role.OPERATOR, "target:access", "Sets its ALUA state")
                        .takes(ACCESS)
                        .does(TargetActions::setAccess, "setTargetAccessState(IscsiName, AccessState)"),
                Action.of(
                                "PUT",
                                TARGET + "/ports/{group}/access-state",
                                Role.OPERATOR,
                                "target:access",
                                "Sets the ALUA state of one port")
                        .takes(ACCESS)
                        .does(TargetActions::setPortAccess, "setPortAccessState(IscsiName, int, AccessState)"),
                Action.of("PUT", TARGET + "/portal-groups", Role.ADMIN, "target:portals", "Says what reaches it")
                        .takes(GROUPS)
                        .does(TargetActions::setGroups, "setTargetPortalGroups(IscsiName, List)"),
                Action.of("PUT", TARGET + "/redirect", Role.ADMIN, "target:redirect", "Sends initiators elsewhere")
                        .takes(REDIRECT)
                        .does(TargetActions::redirect, "setTargetRedirect(IscsiName, RedirectConfig)"),
                Action.of("DELETE", TARGET + "/redirect", Role.ADMIN, "target:redirect", "Sends nobody elsewhere")
                        .does(TargetActions::keep, "setTargetRedirect(IscsiName, RedirectConfig)"));
    }

    /** Returns the configuration of a target that is there. */
    static TargetConfig config(Gateway gateway, IscsiName name) {
        return gateway.targets().stream()
                .map(TargetStatus::config)
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusals.absent("target", name.value()));
    }

    private static Map<String, Object> info(Gateway gateway, IscsiName name) {
        return TargetViews.info(config(gateway, name), gateway.sessions());
    }

    private static Reply create(Call call) throws ConfigException {
        IscsiName name = new IscsiName(call.body().text("target"));
        if (!call.body().has("backstore")) {
            call.gateway().createTarget(name, call.body().texts("backstores"));
        } else if (call.body().has("backstores")) {
            throw new RefusedException(400, "field 'backstore' and field 'backstores' exclude each other");
        } else {
            call.gateway()
                    .createTarget(name, BackstoreActions.request(call.body().object("backstore")));
        }
        return Reply.created(Paths.of("targets", name.value()), info(call.gateway(), name));
    }

    private static Reply delete(Call call) throws ConfigException {
        call.gateway().deleteTarget(call.target(), call.query().flag("force", false));
        return Reply.done();
    }

    private static Reply enable(Call call) throws ConfigException {
        call.gateway().setTargetEnabled(call.target(), call.body().flag("enabled", false));
        return Reply.done();
    }

    private static Reply setAccess(Call call) throws ConfigException {
        AccessState state = AccessState.parse(call.body().text("accessState"));
        call.gateway().setTargetAccessState(call.target(), state);
        return Reply.done();
    }

    private static Reply setPortAccess(Call call) throws ConfigException {
        AccessState state = AccessState.parse(call.body().text("accessState"));
        call.gateway().access().setPortAccessState(call.target(), call.number("group"), state);
        return Reply.done();
    }

    private static Reply setGroups(Call call) throws ConfigException {
        call.gateway().access().setTargetPortalGroups(call.target(), call.body().integers("portalGroups"));
        return Reply.done();
    }

    private static Reply redirect(Call call) throws ConfigException {
        RedirectConfig redirect =
                new RedirectConfig(call.body().text("redirectedTo"), call.body().flag("redirectedForGood", false));
        call.gateway().access().setTargetRedirect(call.target(), redirect);
        return Reply.done();
    }

    private static Reply keep(Call call) throws ConfigException {
        call.gateway().access().setTargetRedirect(call.target(), null);
        return Reply.done();
    }
}
