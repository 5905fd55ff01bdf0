package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.flag;
import static io.sluice.rest.shape.Field.number;
import static io.sluice.rest.shape.Field.options;
import static io.sluice.rest.shape.Field.text;

import io.sluice.config.ConfigException;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.Gateway;
import io.sluice.management.MoveStatus;
import io.sluice.management.Role;
import io.sluice.rest.shape.Fields;
import io.sluice.rest.shape.RefusedException;
import io.sluice.rest.shape.Shape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What can be done with backstores and their moves. */
final class BackstoreActions {

    private static final int USUAL_BLOCK_SIZE = 512;
    private static final String CREATE_FROM = "createFrom";

    /** A backstore that is asked for; what is left out is as for {@code backstore:create}. */
    static final Shape NEW = Shape.of(
            "NewBackstore",
            text("name").says("Name of the new backstore", "disk1"),
            text("type").says("Kind of storage, of /backstore-types", "file"),
            number("sizeBytes").optional().says("Capacity; may be left out for storage that exists", 10L << 30),
            number("blockSizeBytes").optional().says("A logical block: 512 or 4096", 4096L),
            number("physicalBlockSizeBytes").optional().says("What initiators align to", 4096L),
            flag("thin").optional().says("Whether unused blocks may be given back; true if left out", true),
            flag("unmap").optional().says("Whether UNMAP is offered; true for a thin one if left out", true),
            number("thresholdPercent").optional().says("Share in use at which initiators are warned", 80L),
            flag("readOnly").optional().says("Whether every write is refused", false),
            flag("removable").optional().says("Whether the medium can be ejected", false),
            flag("writeThrough").optional().says("Whether every write is stable before it is acknowledged", false),
            text(CREATE_FROM)
                    .optional()
                    .says(
                            "File, or open backstore of the type file, that the new file is made a copy of",
                            "golden.img"),
            text("naa").optional().says("NAA identifier that hosts know", "6a2b3c4d5e6f708192a3b4c5d6e7f809"),
            text("serialNumber").optional().says("Serial number that hosts know", "0123456789abcdef"),
            options("options").optional().says("Settings of the kind", Map.of("path", "disk1.img")));

    private static final Shape SIZE =
            Shape.of("BackstoreSize", number("sizeBytes").says("The new capacity, a larger one", 20L << 30));

    private static final Shape NEW_MOVE = Shape.of(
            "NewMove",
            text("type").says("Kind of the new storage", "file"),
            options("options").optional().says("Its settings", Map.of("path", "moved.img")),
            number("rateBytesPerSecond").optional().says("How fast it may be; 0 for no limit", 50L << 20));

    private static final Shape RATE =
            Shape.of("MoveRate", number("rateBytesPerSecond").says("How fast it may be; 0 for no limit", 0L));

    private BackstoreActions() {}

    static List<Action> rows() {
        return List.of(
                Action.show("/backstores", "backstore:list", "Lists backstores")
                        .answersMany(BackstoreViews.ROW)
                        .does(
                                call -> Reply.ok(call.gateway().backstores().stream()
                                        .map(BackstoreViews::row)
                                        .toList()),
                                "backstores()"),
                Action.of("POST", "/backstores", Role.ADMIN, "backstore:create", "Creates a backstore")
                        .takes(NEW)
                        .answers(201, BackstoreViews.INFO)
                        .does(BackstoreActions::create, "createBackstore(BackstoreRequest)", "backstores()", "moves()"),
                Action.show("/backstores/{name}", "backstore:info", "Shows a backstore")
                        .answers(200, BackstoreViews.INFO)
                        .does(call -> Reply.ok(info(call.gateway(), call.value("name"))), "backstores()", "moves()"),
                Action.of("PATCH", "/backstores/{name}", Role.ADMIN, "backstore:resize", "Makes a backstore larger")
                        .takes(SIZE)
                        .does(BackstoreActions::resize, "resizeBackstore(String, long)"),
                Action.of("DELETE", "/backstores/{name}", Role.ADMIN, "backstore:delete", "Removes a backstore")
                        .does(BackstoreActions::delete, "deleteBackstore(String)"),
                Action.of(
                                "POST",
                                "/backstores/{name}/reopen",
                                Role.OPERATOR,
                                "backstore:reopen",
                                "Closes the storage and opens it anew, which clears a failure")
                        .does(call -> reopen(call, false), "reopenBackstore(String, boolean)"),
                Action.of(
                                "POST",
                                "/backstores/{name}/reopen-empty",
                                Role.ADMIN,
                                "backstore:reopen --empty",
                                "Opens storage anew that has lost its data, and begins empty")
                        .does(call -> reopen(call, true), "reopenBackstore(String, boolean)"),
                Action.of(
                                "POST",
                                "/backstores/{name}/takeover",
                                Role.OPERATOR,
                                "backstore:takeover",
                                "Serves a disk here that another gateway has too, and asks that one first")
                        .does(call -> takeOver(call, false), "takeOverBackstore(String, boolean)"),
                Action.of(
                                "POST",
                                "/backstores/{name}/takeover-forced",
                                Role.ADMIN,
                                "backstore:takeover --force",
                                "Serves a disk here that another gateway has too, and shuts that one out")
                        .does(call -> takeOver(call, true), "takeOverBackstore(String, boolean)"),
                Action.show("/moves", "backstore:moves", "Lists moves of backstores")
                        .answersMany(BackstoreViews.MOVE)
                        .does(
                                call -> Reply.ok(call.gateway().moves().stream()
                                        .map(BackstoreViews::move)
                                        .toList()),
                                "moves()"),
                Action.show("/backstores/{name}/move", "backstore:moves", "Shows the move of a backstore")
                        .answers(200, BackstoreViews.MOVE)
                        .does(call -> Reply.ok(BackstoreViews.move(move(call))), "moves()"),
                Action.of("POST", "/backstores/{name}/move", Role.ADMIN, "backstore:move", "Moves it to other storage")
                        .takes(NEW_MOVE)
                        .answers(202, BackstoreViews.MOVE)
                        .does(BackstoreActions::begin, "moveBackstore(String, String, Map, long)", "moves()"),
                Action.of(
                                "PATCH",
                                "/backstores/{name}/move",
                                Role.OPERATOR,
                                "backstore:move-rate",
                                "Says how fast it is moved")
                        .takes(RATE)
                        .does(BackstoreActions::setRate, "setMoveRate(String, long)"),
                Action.of("DELETE", "/backstores/{name}/move", Role.OPERATOR, "backstore:move-cancel", "Ends its move")
                        .does(BackstoreActions::cancel, "cancelMove(String)"),
                Action.show("/backstore-types", "backstore:types", "Lists the kinds of backstores")
                        .answersMany(BackstoreViews.TYPE)
                        .does(
                                call -> Reply.ok(call.gateway().backstoreTypes().stream()
                                        .map(BackstoreViews::type)
                                        .toList()),
                                "backstoreTypes()"));
    }

    /** Returns what a document asks for. */
    static BackstoreRequest request(Fields body) {
        boolean thin = body.flag("thin", true);
        return new BackstoreRequest(
                body.text("name"),
                body.text("type"),
                body.number("sizeBytes", 0),
                body.integer("blockSizeBytes", USUAL_BLOCK_SIZE),
                body.integer("physicalBlockSizeBytes", 0),
                thin,
                body.flag("readOnly", false),
                body.flag("removable", false),
                thin && body.flag("unmap", true),
                body.integer("thresholdPercent", 0),
                settings(body),
                body.text("naa", ""),
                body.text("serialNumber", ""),
                body.flag("writeThrough", false));
    }

    private static Map<String, String> settings(Fields body) {
        if (!body.has(CREATE_FROM)) {
            return body.options("options");
        }
        Map<String, String> settings = new TreeMap<>(body.options("options"));
        if (settings.put(CREATE_FROM, body.text(CREATE_FROM)) != null) {
            throw new RefusedException(400, "field 'createFrom' is among the options already");
        }
        return settings;
    }

    private static Reply create(Call call) throws ConfigException {
        String name = call.gateway().createBackstore(request(call.body())).name();
        return Reply.created(Paths.of("backstores", name), info(call.gateway(), name));
    }

    private static Map<String, Object> info(Gateway gateway, String name) {
        BackstoreStatus status = gateway.backstores().stream()
                .filter(candidate -> candidate.config().name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusals.absent("backstore", name));
        return BackstoreViews.info(status, gateway.moves());
    }

    private static Reply resize(Call call) throws ConfigException {
        call.gateway().resizeBackstore(call.value("name"), call.body().number("sizeBytes"));
        return Reply.done();
    }

    private static Reply delete(Call call) throws ConfigException {
        call.gateway().deleteBackstore(call.value("name"));
        return Reply.done();
    }

    private static Reply reopen(Call call, boolean empty) throws ConfigException {
        call.gateway().reopenBackstore(call.value("name"), empty);
        return Reply.done();
    }

    private static Reply takeOver(Call call, boolean force) throws ConfigException {
        call.gateway().takeOverBackstore(call.value("name"), force);
        return Reply.done();
    }

    private static MoveStatus move(Call call) {
        String name = call.value("name");
        return call.gateway().moves().stream()
                .filter(move -> move.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusals.absent("move of backstore", name));
    }

    private static Reply begin(Call call) throws ConfigException {
        String name = call.value("name");
        call.gateway()
                .moveBackstore(
                        name,
                        call.body().text("type"),
                        call.body().options("options"),
                        call.body().number("rateBytesPerSecond", 0));
        return Reply.accepted(Paths.of("backstores", name, "move"), BackstoreViews.move(move(call)));
    }

    private static Reply setRate(Call call) throws ConfigException {
        call.gateway().setMoveRate(call.value("name"), call.body().number("rateBytesPerSecond"));
        return Reply.done();
    }

    private static Reply cancel(Call call) throws ConfigException {
        call.gateway().cancelMove(call.value("name"));
        return Reply.done();
    }
}
