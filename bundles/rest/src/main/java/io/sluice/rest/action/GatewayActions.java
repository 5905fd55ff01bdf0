package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.flag;
import static io.sluice.rest.shape.Field.number;
import static io.sluice.rest.shape.Field.text;
import static io.sluice.rest.shape.Field.texts;

import io.sluice.config.ChapAlgorithm;
import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.management.Gateway;
import io.sluice.management.PortalStatus;
import io.sluice.management.Role;
import io.sluice.management.SessionStatus;
import io.sluice.rest.shape.Fields;
import io.sluice.rest.shape.Shape;
import java.util.List;
import java.util.Map;

/** What can be done with the gateway as a whole, with portals, and with sessions. */
final class GatewayActions {

    private static final Shape PORTAL_SETTINGS = Shape.of(
            "PortalSettings",
            number("group").optional().says("Tag of the group that it belongs to; 1 if left out", 2L),
            text("announced").optional().says("ADDRESS:PORT that initiators are told instead", "198.51.100.7:3260"),
            flag("openToAll")
                    .optional()
                    .says("Whether targets that nobody was allowed to use are open to all who come this way", false));

    private static final Shape NEW_PORTAL =
            PORTAL_SETTINGS.and("NewPortal", text("portal").says("ADDRESS:PORT to listen on", "192.0.2.1:3260"));

    private static final Shape CHANGES = Shape.of("Changes", texts("changes"));

    private GatewayActions() {}

    static List<Action> rows() {
        return List.of(
                Action.show("/gateway", "gateway:status", "Shows the gateway at a glance")
                        .answers(200, GatewayViews.STATUS)
                        .does(
                                call -> Reply.ok(GatewayViews.status(
                                        call.gateway().status(),
                                        call.gateway().config().security())),
                                "status()",
                                "config()"),
                Action.show("/statistics", "gateway:stats", "Shows what hosts have done, as counters")
                        .answers(200, StatisticsViews.STATISTICS)
                        .does(
                                call -> Reply.ok(StatisticsViews.statistics(
                                        call.gateway().statistics())),
                                "statistics()"),
                Action.show("/config", "", "Shows the whole configuration, without secrets")
                        .answers(200, GatewayViews.CONFIG)
                        .does(
                                call -> Reply.ok(
                                        GatewayViews.config(call.gateway().config())),
                                "config()"),
                Action.of("POST", "/config/apply", Role.ADMIN, "gateway:apply", "Takes over etc/gateway.json")
                        .answers(200, CHANGES)
                        .does(
                                call -> Reply.ok(
                                        Map.of("changes", call.gateway().applyConfiguration())),
                                "applyConfiguration()"),
                Action.show("/security", "gateway:status", "Shows how logins are made secure")
                        .answers(200, GatewayViews.SECURITY)
                        .does(
                                call -> Reply.ok(GatewayViews.security(
                                        call.gateway().config().security())),
                                "config()"),
                Action.of("PUT", "/security", Role.ADMIN, "gateway:security", "Says how logins are made secure")
                        .takes(GatewayViews.SECURITY)
                        .does(GatewayActions::setSecurity, "setSecurity(SecurityConfig)"),
                Action.show("/portals", "portal:list", "Lists portals")
                        .answersMany(GatewayViews.PORTAL)
                        .does(
                                call -> Reply.ok(call.gateway().portals().stream()
                                        .map(GatewayViews::portal)
                                        .toList()),
                                "portals()"),
                Action.of("POST", "/portals", Role.ADMIN, "portal:create", "Listens on an address")
                        .takes(NEW_PORTAL)
                        .answers(201, GatewayViews.PORTAL)
                        .does(GatewayActions::createPortal, "createPortal(PortalConfig)", "portals()"),
                Action.show("/portals/{portal}", "portal:list", "Shows a portal")
                        .answers(200, GatewayViews.PORTAL)
                        .does(
                                call -> Reply.ok(GatewayViews.portal(portal(call.gateway(), call.portal()))),
                                "portals()"),
                Action.of("PUT", "/portals/{portal}", Role.ADMIN, "portal:set", "Changes a portal, whole")
                        .takes(PORTAL_SETTINGS)
                        .does(GatewayActions::changePortal, "changePortal(PortalConfig)", "portals()"),
                Action.of("DELETE", "/portals/{portal}", Role.ADMIN, "portal:delete", "Stops listening on an address")
                        .does(GatewayActions::deletePortal, "deletePortal(PortalConfig)"),
                Action.show("/sessions", "session:list", "Lists sessions")
                        .answersMany(SessionViews.ROW)
                        .does(
                                call -> Reply.ok(call.gateway().sessions().stream()
                                        .map(SessionViews::row)
                                        .toList()),
                                "sessions()"),
                Action.show("/sessions/{id}", "session:info", "Shows a session")
                        .answers(200, SessionViews.INFO)
                        .does(call -> Reply.ok(SessionViews.info(session(call))), "sessions()"),
                Action.of("DELETE", "/sessions/{id}", Role.OPERATOR, "session:close", "Ends a session")
                        .does(GatewayActions::closeSession, "closeSession(int)"));
    }

    private static Reply setSecurity(Call call) throws ConfigException {
        List<ChapAlgorithm> algorithms = call.body().texts("chapAlgorithms").stream()
                .map(ChapAlgorithm::parse)
                .toList();
        call.gateway()
                .access()
                .setSecurity(new SecurityConfig(algorithms, call.body().flag("discoveryChap", false)));
        return Reply.done();
    }

    private static Reply createPortal(Call call) throws ConfigException {
        PortalConfig portal = settings(PortalConfig.parse(call.body().text("portal")), call.body());
        call.gateway().createPortal(portal);
        return Reply.created(
                Paths.of("portals", portal.address()), GatewayViews.portal(portal(call.gateway(), portal)));
    }

    private static Reply changePortal(Call call) throws ConfigException {
        PortalConfig before = portal(call.gateway(), call.portal()).config();
        call.gateway().changePortal(settings(before, call.body()));
        return Reply.done();
    }

    private static Reply deletePortal(Call call) throws ConfigException {
        call.gateway().deletePortal(call.portal());
        return Reply.done();
    }

    private static PortalConfig settings(PortalConfig address, Fields body) {
        return new PortalConfig(
                address.host(),
                address.port(),
                body.integer("group", 1),
                body.text("announced", ""),
                body.flag("openToAll", false));
    }

    private static PortalStatus portal(Gateway gateway, PortalConfig wanted) {
        return gateway.portals().stream()
                .filter(status -> status.config().sameAddress(wanted))
                .findFirst()
                .orElseThrow(() -> Refusals.absent("portal", wanted.address()));
    }

    private static SessionStatus session(Call call) {
        int id = call.number("id");
        return call.gateway().sessions().stream()
                .filter(status -> status.id() == id)
                .findFirst()
                .orElseThrow(() -> Refusals.absent("session", Integer.toString(id)));
    }

    private static Reply closeSession(Call call) throws ConfigException {
        call.gateway().closeSession(call.number("id"));
        return Reply.done();
    }
}
