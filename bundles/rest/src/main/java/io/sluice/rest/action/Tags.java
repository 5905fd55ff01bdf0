package io.sluice.rest.action;

import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.PortalConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Entity tags (RFC 9110 8.8.3): of the part of the configuration that a path names, so that neither a counter nor a restart
 * changes one. What is below a thing has the tag of the thing.
 */
public final class Tags {

    private static final int BYTES = 16;

    private Tags() {}

    /** Returns whether what a row shows or changes has a tag. */
    public static boolean has(Action action) {
        return switch (action.segments().get(0)) {
            case "security" -> true;
            case "config" -> action.path().equals("/config") || action.path().equals("/config/apply");
            case "backstores" -> isBelow(action) && !action.path().endsWith("/move");
            case "targets", "initiators", "initiator-groups", "portals" -> isBelow(action);
            default -> false;
        };
    }

    private static boolean isBelow(Action action) {
        return action.segments().size() > 1;
    }

    /** Returns whether a row shows all of a thing that has a tag. */
    public static boolean shows(Action action) {
        return action.method().equals("GET") && has(action) && action.segments().size() <= 2;
    }

    /**
     * Returns the tag of what a row is for; null if that is not there.
     *
     * @param values those of the path
     */
    static String of(GatewayConfig config, Action action, Map<String, String> values) {
        return part(config, action, values).map(Tags::digest).orElse(null);
    }

    private static Optional<?> part(GatewayConfig config, Action action, Map<String, String> values) {
        return switch (action.segments().get(0)) {
            case "security" -> Optional.of(config.security());
            case "backstores" -> config.backstore(values.get("name"));
            case "targets" -> config.target(new IscsiName(values.get("iqn")));
            case "initiators" -> config.initiator(values.get("name"));
            case "initiator-groups" -> config.group(values.get("name"));
            case "portals" -> portal(config, PortalConfig.parse(values.get("portal")));
            default ->
                Optional.of(List.of(
                        config.portals().stream().map(Tags::portal).toList(),
                        config.backstores(),
                        config.targets(),
                        config.initiators(),
                        config.groups(),
                        config.security()));
        };
    }

    /** Without any, there is the usual one, which the configuration does not name. */
    private static Optional<?> portal(GatewayConfig config, PortalConfig wanted) {
        return config.portals().isEmpty()
                ? Optional.of("usual")
                : config.portals().stream()
                        .filter(wanted::sameAddress)
                        .findFirst()
                        .map(Tags::portal);
    }

    private static List<Object> portal(PortalConfig portal) {
        return List.of(portal.address(), portal.group(), portal.announce(), portal.openToAll());
    }

    private static String digest(Object part) {
        try {
            byte[] whole =
                    MessageDigest.getInstance("SHA-256").digest(part.toString().getBytes(StandardCharsets.UTF_8));
            return '"' + HexFormat.of().formatHex(Arrays.copyOf(whole, BYTES)) + '"';
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
