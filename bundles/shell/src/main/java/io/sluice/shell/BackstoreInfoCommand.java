package io.sluice.shell;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.LayerConfig;
import io.sluice.management.BackstoreStatus;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import io.sluice.shell.output.Item;
import io.sluice.shell.output.Listing;
import io.sluice.shell.output.Units;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code backstore:info}. */
@Command(
        name = "backstore:info",
        description = "Shows a backstore: settings, state, space and traffic",
        footer = "backstore:info disk0")
final class BackstoreInfoCommand extends ListingCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the backstore")
    @Completes(Kind.BACKSTORE)
    private String name;

    @Override
    Listing list() throws ConfigException {
        BackstoreStatus status = gateway().backstores().stream()
                .filter(candidate -> candidate.config().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("there is no backstore " + name));
        Item item = new Item();
        state(item, status);
        settings(item, status.config());
        space(item, status);
        traffic(item, status);
        String move = BackstoreMovesCommand.text(gateway(), name);
        return Listing.of(item.put("move", "Move", move, move == null ? "none" : move)
                .put("mappings", "Mapped", status.mappings()));
    }

    private static void state(Item item, BackstoreStatus status) {
        String problem = orNull(status.problem());
        item.put("name", "Name", status.config().name())
                .put("type", "Type", status.config().type())
                .put("state", "State", status.state().label())
                .put("problem", "Problem", problem, problem == null ? "none" : problem);
    }

    private static void settings(Item item, BackstoreConfig config) {
        List<String> layers = config.layers().stream().map(LayerConfig::type).toList();
        List<String> options = config.options().entrySet().stream()
                .map(option -> option.getKey() + "=" + option.getValue())
                .toList();
        item.put("sizeBytes", "Size", config.sizeBytes(), Units.exactBytes(config.sizeBytes()))
                .put("blockSizeBytes", "Block size", config.blockSize())
                .put("physicalBlockSizeBytes", "Physical block size", config.physicalBlockSize())
                .put("thin", "Thin", config.thin(), yes(config.thin()))
                .put("unmap", "UNMAP offered", config.unmap(), yes(config.unmap()))
                .put("thresholdPercent", "Threshold", config.thresholdPercent(), threshold(config))
                .put("readOnly", "Read-only", config.readOnly(), yes(config.readOnly()))
                .put("removable", "Removable", config.removable(), yes(config.removable()))
                .put("writeThrough", "Write-through", config.writeThrough(), yes(config.writeThrough()))
                .put("naa", "NAA", config.identity().naa())
                .put("serialNumber", "Serial number", config.identity().serial())
                .put("options", "Options", config.options(), options)
                .put("layers", "Layers", layers);
    }

    private static void space(Item item, BackstoreStatus status) {
        BackstoreStatus.Space space = status.space();
        item.put("usedBytes", "Used", Units.orNull(space.usedBytes()), Units.bytes(space.usedBytes()))
                .put("freeBytes", "Free where it is", Units.orNull(space.freeBytes()), Units.bytes(space.freeBytes()))
                .put("medium", "Kept on", orNull(space.medium()), space.medium().isEmpty() ? "-" : space.medium())
                .put(
                        "caution",
                        "Caution",
                        orNull(space.caution()),
                        space.caution().isEmpty() ? "none" : space.caution());
    }

    private static void traffic(Item item, BackstoreStatus status) {
        BackstoreStatus.Traffic traffic = status.traffic();
        BackstoreStatus.Operations operations = status.operations();
        item.put("reads", "Reads", traffic.reads())
                .put("writes", "Writes", traffic.writes())
                .put("readBytes", "Read", traffic.readBytes(), Units.bytes(traffic.readBytes()))
                .put("writtenBytes", "Written", traffic.writtenBytes(), Units.bytes(traffic.writtenBytes()))
                .put("errors", "Errors", traffic.errors())
                .put("operationsRunning", "Operations running", operations.running())
                .put("operationsHeld", "Operations held", operations.held())
                .put("operationsOverdue", "Operations overdue", operations.overdue());
    }

    private static String threshold(BackstoreConfig config) {
        return config.thresholdPercent() == 0 ? "none" : config.thresholdPercent() + " percent";
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String yes(boolean value) {
        return value ? "yes" : "no";
    }
}
