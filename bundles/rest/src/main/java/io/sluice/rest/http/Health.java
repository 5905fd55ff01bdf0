package io.sluice.rest.http;

import io.sluice.management.Gateway;
import io.sluice.management.PortalStatus;
import io.sluice.rest.json.Json;
import io.sluice.rest.shape.RefusedException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What those ask who start and stop processes. They have no token, and learn no more than up or down. */
final class Health {

    static final String ROOT = "/health/";

    private static final Logger LOG = LoggerFactory.getLogger(Health.class);

    private static final Answer UP = new Answer(200, Answer.JSON, Json.bytes(Map.of("status", "up")), Map.of());
    private static final Answer DOWN = new Answer(503, Answer.JSON, Json.bytes(Map.of("status", "down")), Map.of());

    private final Gateway gateway;

    Health(Gateway gateway) {
        this.gateway = gateway;
    }

    /** @throws RefusedException if there is nothing at the path */
    Work at(String path) {
        return switch (path.substring(ROOT.length())) {
            // Not by a worker: one that is busy is no reason to end a process that hosts have their disks from.
            case "live" -> new Told(UP, true);
            case "ready" -> new Ready();
            default -> throw new RefusedException(404, "there is nothing at this path");
        };
    }

    /**
     * Whether an initiator would find somebody. A configuration that was refused has no portals. No more than that is asked for:
     * anybody may ask, as often as he likes.
     */
    private final class Ready implements Work {
        @Override
        public boolean takesDocument() {
            return false;
        }

        @Override
        public Answer run(byte[] document) {
            try {
                return gateway.portals().stream().anyMatch(PortalStatus::listening) ? UP : DOWN;
            } catch (RuntimeException | Error bug) {
                LOG.error("whether the gateway is ready cannot be told, by a bug", bug);
                return DOWN;
            }
        }
    }
}
