package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.flag;
import static io.sluice.rest.shape.Field.number;
import static io.sluice.rest.shape.Field.objects;
import static io.sluice.rest.shape.Field.options;
import static io.sluice.rest.shape.Field.text;
import static io.sluice.rest.shape.Field.texts;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ChapAlgorithm;
import io.sluice.config.GatewayConfig;
import io.sluice.config.LayerConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.management.GatewayStatus;
import io.sluice.management.PortalStatus;
import io.sluice.management.TransportStatus;
import io.sluice.rest.shape.Field;
import io.sluice.rest.shape.Shape;
import java.util.List;
import java.util.Map;

/** The gateway as a whole as it is answered; docs/json.md says what the keys mean. */
final class GatewayViews {

    static final Shape STATUS = Shape.of(
            "Gateway",
            text("version"),
            number("uptimeSeconds"),
            number("portals"),
            number("targets"),
            number("backstores"),
            number("backstoresAway"),
            number("backstoresFenced"),
            number("sessions"),
            texts("chapAlgorithms"),
            flag("discoveryChap"),
            number("connections"),
            number("connectionsNotLoggedIn"),
            number("dataMemoryBytes"),
            number("dataMemoryLimitBytes"),
            number("waitingForMemory"),
            text("longestWait").orNull(),
            number("eventLoopStalls"),
            number("longestStallMillis"),
            texts("problems"));

    static final Shape PORTAL = Shape.of(
            "Portal",
            text("portal"),
            number("group"),
            text("announced"),
            flag("openToAll"),
            flag("listening"),
            text("problem").orNull());

    static final Shape SECURITY = Shape.of(
            "Security",
            texts("chapAlgorithms").says("What may be used for CHAP", List.of("sha3-256", "sha256")),
            flag("discoveryChap").says("Whether discovery asks for CHAP", true));

    private static final Shape CONFIG_BACKSTORE = Shape.of(
            "BackstoreConfiguration",
            text("name"),
            text("type"),
            number("sizeBytes"),
            number("blockSizeBytes"),
            number("physicalBlockSizeBytes"),
            flag("thin"),
            flag("readOnly"),
            flag("removable"),
            flag("unmap"),
            flag("writeThrough"),
            number("thresholdPercent"),
            text("naa"),
            text("serialNumber"),
            options("options"),
            objects("layers", Shape.of("BackstoreLayer", text("type"), options("options"))));

    static final Shape CONFIG = Shape.of(
            "Configuration",
            objects(
                    "portals",
                    Shape.of(
                            "PortalConfiguration",
                            text("portal"),
                            number("group"),
                            text("announced"),
                            flag("openToAll"))),
            objects("backstores", CONFIG_BACKSTORE),
            objects("targets", without(TargetViews.INFO, "TargetConfiguration", "sessions")),
            objects("initiators", InitiatorViews.ROW),
            objects("groups", InitiatorViews.ROW),
            Field.object("security", SECURITY));

    private static final TransportStatus NO_TRANSPORT = new TransportStatus(0, 0, 0, "", 0, 0, 0, 0);

    private GatewayViews() {}

    private static Shape without(Shape shape, String name, String left) {
        return new Shape(
                name,
                shape.fields().stream()
                        .filter(field -> !field.name().equals(left))
                        .toList());
    }

    static Map<String, Object> status(GatewayStatus status, SecurityConfig security) {
        TransportStatus transport = status.transport().orElse(NO_TRANSPORT);
        return new Entry()
                .put("version", status.version())
                .put("uptimeSeconds", status.uptime().toSeconds())
                .put("portals", status.portals())
                .put("targets", status.targets())
                .put("backstores", status.backstores())
                .put("backstoresAway", status.away())
                .put("backstoresFenced", status.fenced())
                .put("sessions", status.sessions())
                .all(security(security))
                .put("connections", transport.connections())
                .put("connectionsNotLoggedIn", transport.halfOpen())
                .put("dataMemoryBytes", transport.dataBytes())
                .put("dataMemoryLimitBytes", transport.dataLimitBytes())
                .put("waitingForMemory", transport.waiters())
                .orNull("longestWait", transport.longestWaiter())
                .put("eventLoopStalls", transport.loopStalls())
                .put("longestStallMillis", transport.longestStallMillis())
                .put("problems", status.problems())
                .map();
    }

    static Map<String, Object> security(SecurityConfig security) {
        return new Entry()
                .put(
                        "chapAlgorithms",
                        security.algorithms().stream().map(ChapAlgorithm::label).toList())
                .put("discoveryChap", security.discoveryChap())
                .map();
    }

    static Map<String, Object> portal(PortalStatus status) {
        return portal(status.config())
                .put("listening", status.listening())
                .orNull("problem", status.problem())
                .map();
    }

    private static Entry portal(PortalConfig portal) {
        return new Entry()
                .put("portal", portal.address())
                .put("group", portal.group())
                .put("announced", portal.announced())
                .put("openToAll", portal.openToAll());
    }

    /** Everything that is configured but secrets, and the names of the files that hold them. */
    static Map<String, Object> config(GatewayConfig config) {
        return new Entry()
                .put(
                        "portals",
                        config.portals().stream()
                                .map(portal -> portal(portal).map())
                                .toList())
                .put(
                        "backstores",
                        config.backstores().stream()
                                .map(GatewayViews::backstore)
                                .toList())
                .put(
                        "targets",
                        config.targets().stream()
                                .map(target -> withoutSessions(TargetViews.info(target, List.of())))
                                .toList())
                .put(
                        "initiators",
                        config.initiators().stream().map(InitiatorViews::row).toList())
                .put("groups", config.groups().stream().map(InitiatorViews::row).toList())
                .put("security", security(config.security()))
                .map();
    }

    private static Map<String, Object> withoutSessions(Map<String, Object> target) {
        Entry entry = new Entry();
        target.forEach((key, value) -> {
            if (!key.equals("sessions")) {
                entry.put(key, value);
            }
        });
        return entry.map();
    }

    private static Map<String, Object> backstore(BackstoreConfig config) {
        return new Entry()
                .put("name", config.name())
                .put("type", config.type())
                .put("sizeBytes", config.sizeBytes())
                .put("blockSizeBytes", config.blockSize())
                .put("physicalBlockSizeBytes", config.physicalBlockSize())
                .put("thin", config.thin())
                .put("readOnly", config.readOnly())
                .put("removable", config.removable())
                .put("unmap", config.unmap())
                .put("writeThrough", config.writeThrough())
                .put("thresholdPercent", config.thresholdPercent())
                .put("naa", config.identity().naa())
                .put("serialNumber", config.identity().serial())
                .put("options", config.options())
                .put("layers", config.layers().stream().map(GatewayViews::layer).toList())
                .map();
    }

    private static Map<String, Object> layer(LayerConfig layer) {
        return new Entry()
                .put("type", layer.type())
                .put("options", layer.options())
                .map();
    }
}
