package io.sluice.shell;

import io.sluice.config.SecurityConfig;
import io.sluice.management.GatewayStatus;
import io.sluice.management.TransportStatus;
import io.sluice.shell.output.Item;
import io.sluice.shell.output.Listing;
import io.sluice.shell.output.Units;
import java.time.Duration;
import picocli.CommandLine.Command;

/** {@code gateway:status}. */
@Command(name = "gateway:status", description = "Shows the gateway at a glance", footer = "gateway:status")
final class GatewayStatusCommand extends ListingCommand {

    private static final TransportStatus NO_TRANSPORT = new TransportStatus(0, 0, 0, "", 0, 0, 0, 0);

    @Override
    Listing list() {
        GatewayStatus status = gateway().status();
        Item item = new Item()
                .put("version", "Version", status.version())
                .put("uptimeSeconds", "Uptime", status.uptime().toSeconds(), Units.time(status.uptime()))
                .put("portals", "Portals", status.portals())
                .put("targets", "Targets", status.targets())
                .put("backstores", "Backstores", status.backstores())
                .put("backstoresAway", "Backstores away", status.away())
                .put("backstoresFenced", "Backstores fenced", status.fenced())
                .put("sessions", "Sessions", status.sessions());
        SecurityConfig security = gateway().config().security();
        item.put(
                        "chapAlgorithms",
                        "CHAP algorithms",
                        GatewaySecurityCommand.labels(security),
                        String.join(", ", GatewaySecurityCommand.labels(security)))
                .put(
                        "discoveryChap",
                        "CHAP for discovery",
                        security.discoveryChap(),
                        security.discoveryChap() ? "yes" : "no");
        transport(item, status.transport().orElse(NO_TRANSPORT));
        return Listing.of(item.put(
                "problems", "Problems", status.problems(), status.problems().isEmpty() ? "none" : status.problems()));
    }

    private static void transport(Item item, TransportStatus transport) {
        String waiter = transport.longestWaiter().isEmpty() ? null : transport.longestWaiter();
        item.put("connections", "Connections", transport.connections())
                .put("connectionsNotLoggedIn", "Not logged in", transport.halfOpen())
                .json("dataMemoryBytes", transport.dataBytes())
                .json("dataMemoryLimitBytes", transport.dataLimitBytes())
                .text(
                        "Data memory",
                        Units.bytes(transport.dataBytes()) + " of " + Units.bytes(transport.dataLimitBytes()))
                .put("waitingForMemory", "Waiting for memory", transport.waiters())
                .put("longestWait", "Longest wait", waiter, waiter == null ? "none" : waiter)
                .put("eventLoopStalls", "Event loop stalls", transport.loopStalls())
                .put("longestStallMillis", "Longest stall", transport.longestStallMillis(), stall(transport));
    }

    private static Object stall(TransportStatus transport) {
        long millis = transport.longestStallMillis();
        return millis < 10_000 ? millis + " ms" : Units.time(Duration.ofMillis(millis));
    }
}
