package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.flag;
import static io.sluice.rest.shape.Field.options;
import static io.sluice.rest.shape.Field.text;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.LayerConfig;
import io.sluice.management.Role;
import io.sluice.rest.shape.Shape;
import java.util.List;
import java.util.Map;

/** What can be done with layers of backstores. */
final class LayerActions {

    private static final String LAYER = "/backstores/{name}/layers/{type}";

    private static final Shape NEW = Shape.of(
            "NewLayer",
            text("type").says("Kind of layer, of /layer-types", "throttle"),
            options("options").optional().says("Its settings", Map.of("iops", "1000")),
            flag("format").optional().says("Whether the data of the backstore is given up, if it has to be", false));

    private static final Shape SETTINGS =
            Shape.of("LayerSettings", options("options").says("All its settings", Map.of("iops", "5000")));

    private LayerActions() {}

    static List<Action> rows() {
        return List.of(
                Action.show("/layer-types", "backstore:layers", "Lists the kinds of layers")
                        .answersMany(BackstoreViews.LAYER_TYPE)
                        .does(
                                call -> Reply.ok(call.gateway().layers().types().stream()
                                        .map(BackstoreViews::layerType)
                                        .toList()),
                                "types()"),
                Action.show("/layers", "backstore:layers", "Lists the layers of all backstores")
                        .answersMany(BackstoreViews.LAYER)
                        .does(
                                call -> Reply.ok(call.gateway().config().backstores().stream()
                                        .flatMap(store -> views(store).stream())
                                        .toList()),
                                "config()"),
                Action.show("/backstores/{name}/layers", "backstore:layers", "Lists the layers of a backstore")
                        .answersMany(BackstoreViews.LAYER)
                        .does(call -> Reply.ok(views(backstore(call))), "config()"),
                Action.of("POST", "/backstores/{name}/layers", Role.ADMIN, "backstore:layer", "Adds a layer on top")
                        .takes(NEW)
                        .answers(201, BackstoreViews.LAYER)
                        .does(LayerActions::add, "add(String, LayerConfig, boolean)"),
                Action.show(LAYER, "backstore:layers", "Shows a layer")
                        .answers(200, BackstoreViews.LAYER)
                        .does(LayerActions::show, "config()"),
                Action.of("PUT", LAYER, Role.ADMIN, "backstore:layer", "Changes a layer, whole")
                        .takes(SETTINGS)
                        .does(LayerActions::set, "set(String, LayerConfig)"),
                Action.of("DELETE", LAYER, Role.ADMIN, "backstore:layer", "Removes a layer")
                        .does(LayerActions::remove, "remove(String, String)"));
    }

    private static BackstoreConfig backstore(Call call) {
        String name = call.value("name");
        return call.gateway().config().backstore(name).orElseThrow(() -> Refusals.absent("backstore", name));
    }

    private static List<Map<String, Object>> views(BackstoreConfig backstore) {
        return backstore.layers().stream()
                .map(layer -> BackstoreViews.layer(backstore.name(), layer))
                .toList();
    }

    private static Reply show(Call call) {
        BackstoreConfig backstore = backstore(call);
        return backstore.layers().stream()
                .filter(layer -> layer.type().equals(call.value("type")))
                .findFirst()
                .map(layer -> Reply.ok(BackstoreViews.layer(backstore.name(), layer)))
                .orElseThrow(() -> Refusals.absent("layer", call.value("type")));
    }

    private static Reply add(Call call) throws ConfigException {
        String name = call.value("name");
        LayerConfig layer =
                new LayerConfig(call.body().text("type"), call.body().options("options"));
        call.gateway().layers().add(name, layer, call.body().flag("format", false));
        return Reply.created(Paths.of("backstores", name, "layers", layer.type()), BackstoreViews.layer(name, layer));
    }

    private static Reply set(Call call) throws ConfigException {
        LayerConfig layer = new LayerConfig(call.value("type"), call.body().options("options"));
        call.gateway().layers().set(call.value("name"), layer);
        return Reply.done();
    }

    private static Reply remove(Call call) throws ConfigException {
        call.gateway().layers().remove(call.value("name"), call.value("type"));
        return Reply.done();
    }
}
