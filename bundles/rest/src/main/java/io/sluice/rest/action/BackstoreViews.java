package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.flag;
import static io.sluice.rest.shape.Field.number;
import static io.sluice.rest.shape.Field.objects;
import static io.sluice.rest.shape.Field.options;
import static io.sluice.rest.shape.Field.text;
import static io.sluice.rest.shape.Field.texts;

import io.sluice.backstore.BackstoreOption;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.LayerConfig;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.BackstoreTypeStatus;
import io.sluice.management.LayerTypeStatus;
import io.sluice.management.MoveStatus;
import io.sluice.rest.shape.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Backstores as they are answered; docs/json.md says what the keys mean. */
final class BackstoreViews {

    static final Shape ROW = Shape.of(
            "BackstoreRow",
            text("name"),
            text("type"),
            number("sizeBytes"),
            number("usedBytes").orNull(),
            number("freeBytes").orNull(),
            number("blockSizeBytes"),
            text("state"),
            text("problem").orNull(),
            texts("mappings"));

    static final Shape INFO = Shape.of(
            "Backstore",
            text("name"),
            text("type"),
            text("state"),
            text("problem").orNull(),
            number("sizeBytes"),
            number("blockSizeBytes"),
            number("physicalBlockSizeBytes"),
            flag("thin"),
            flag("unmap"),
            number("thresholdPercent"),
            flag("readOnly"),
            flag("removable"),
            flag("writeThrough"),
            text("naa"),
            text("serialNumber"),
            options("options"),
            texts("layers"),
            number("usedBytes").orNull(),
            number("freeBytes").orNull(),
            text("medium").orNull(),
            text("caution").orNull(),
            number("reads"),
            number("writes"),
            number("readBytes"),
            number("writtenBytes"),
            number("errors"),
            number("operationsRunning"),
            number("operationsHeld"),
            number("operationsOverdue"),
            text("move").orNull(),
            texts("mappings"));

    static final Shape MOVE = Shape.of(
            "Move",
            text("name"),
            text("state"),
            number("progressPercent"),
            number("pass"),
            number("copiedBytes"),
            number("dirtyBytes"),
            number("differences"),
            number("rateBytesPerSecond"),
            text("from"),
            text("to"),
            text("problem").orNull());

    private static final Shape OPTION =
            Shape.of("Setting", text("name"), text("type"), flag("required"), text("description"));

    static final Shape TYPE = Shape.of("BackstoreType", text("type"), text("description"), objects("options", OPTION));

    static final Shape LAYER_TYPE =
            Shape.of("LayerType", text("type"), text("description"), flag("keepsBlocks"), objects("options", OPTION));

    static final Shape LAYER = Shape.of("Layer", text("backstore"), text("type"), options("options"));

    private static final int PERCENT = 100;

    private BackstoreViews() {}

    static Map<String, Object> row(BackstoreStatus status) {
        return new Entry()
                .put("name", status.config().name())
                .put("type", status.config().type())
                .put("sizeBytes", status.config().sizeBytes())
                .orNull("usedBytes", status.space().usedBytes())
                .orNull("freeBytes", status.space().freeBytes())
                .put("blockSizeBytes", status.config().blockSize())
                .put("state", status.state().label())
                .orNull("problem", status.problem())
                .put("mappings", status.mappings())
                .map();
    }

    /** @param moves those of all backstores */
    static Map<String, Object> info(BackstoreStatus status, List<MoveStatus> moves) {
        Entry entry = new Entry()
                .put("name", status.config().name())
                .put("type", status.config().type())
                .put("state", status.state().label())
                .orNull("problem", status.problem());
        settings(entry, status.config());
        BackstoreStatus.Space space = status.space();
        BackstoreStatus.Traffic traffic = status.traffic();
        BackstoreStatus.Operations operations = status.operations();
        return entry.orNull("usedBytes", space.usedBytes())
                .orNull("freeBytes", space.freeBytes())
                .orNull("medium", space.medium())
                .orNull("caution", space.caution())
                .put("reads", traffic.reads())
                .put("writes", traffic.writes())
                .put("readBytes", traffic.readBytes())
                .put("writtenBytes", traffic.writtenBytes())
                .put("errors", traffic.errors())
                .put("operationsRunning", operations.running())
                .put("operationsHeld", operations.held())
                .put("operationsOverdue", operations.overdue())
                .put("move", inWords(moves, status.config().name()))
                .put("mappings", status.mappings())
                .map();
    }

    private static void settings(Entry entry, BackstoreConfig config) {
        entry.put("sizeBytes", config.sizeBytes())
                .put("blockSizeBytes", config.blockSize())
                .put("physicalBlockSizeBytes", config.physicalBlockSize())
                .put("thin", config.thin())
                .put("unmap", config.unmap())
                .put("thresholdPercent", config.thresholdPercent())
                .put("readOnly", config.readOnly())
                .put("removable", config.removable())
                .put("writeThrough", config.writeThrough())
                .put("naa", config.identity().naa())
                .put("serialNumber", config.identity().serial())
                .put("options", config.options())
                .put("layers", config.layers().stream().map(LayerConfig::type).toList());
    }

    static Map<String, Object> move(MoveStatus move) {
        return new Entry()
                .put("name", move.name())
                .put("state", move.state().label())
                .put("progressPercent", percent(move))
                .put("pass", move.pass())
                .put("copiedBytes", move.copiedBytes())
                .put("dirtyBytes", move.dirtyBytes())
                .put("differences", move.differences())
                .put("rateBytesPerSecond", move.bytesPerSecond())
                .put("from", place(move.from()))
                .put("to", place(move.to()))
                .orNull("problem", move.problem())
                .map();
    }

    private static int percent(MoveStatus move) {
        return (int) (move.progress() * PERCENT);
    }

    private static String inWords(List<MoveStatus> moves, String name) {
        return moves.stream()
                .filter(move -> move.name().equals(name))
                .findFirst()
                .map(move -> move.state().label() + (move.state().over() ? "" : " " + percent(move) + " %")
                        + ", from " + place(move.from()) + " to " + place(move.to())
                        + (move.problem().isEmpty() ? "" : ": " + move.problem()))
                .orElse(null);
    }

    private static String place(BackstoreConfig config) {
        String path = config.options().get("path");
        return path == null ? config.type() : config.type() + " " + path;
    }

    static Map<String, Object> type(BackstoreTypeStatus type) {
        return new Entry()
                .put("type", type.type())
                .put("description", type.description())
                .put(
                        "options",
                        type.options().stream().map(BackstoreViews::option).toList())
                .map();
    }

    static Map<String, Object> layerType(LayerTypeStatus type) {
        return new Entry()
                .put("type", type.type())
                .put("description", type.description())
                .put("keepsBlocks", type.keepsBlocks())
                .put(
                        "options",
                        type.options().stream().map(BackstoreViews::option).toList())
                .map();
    }

    private static Map<String, Object> option(BackstoreOption option) {
        return new Entry()
                .put("name", option.name())
                .put("type", option.type().name().toLowerCase(Locale.ROOT))
                .put("required", option.required())
                .put("description", option.description())
                .map();
    }

    static Map<String, Object> layer(String backstore, LayerConfig layer) {
        return new Entry()
                .put("backstore", backstore)
                .put("type", layer.type())
                .put("options", layer.options())
                .map();
    }
}
