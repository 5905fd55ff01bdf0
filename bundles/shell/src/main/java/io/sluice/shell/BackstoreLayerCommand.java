package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.LayerConfig;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backstore:layer}. */
@Command(
        name = "backstore:layer",
        description = "Adds, changes or removes a layer of a backstore",
        footer = {
            "backstore:layer add disk0 throttle iops=1000 bandwidth=100M",
            "backstore:layer set spare throttle iops=5000 bandwidth=",
            "backstore:layer remove spare throttle"
        })
final class BackstoreLayerCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "ACTION", description = "add, set or remove")
    @Completes(Kind.LAYER_ACTION)
    private String action;

    @Parameters(index = "1", paramLabel = "NAME", description = "Name of the backstore")
    @Completes(Kind.BACKSTORE)
    private String name;

    @Parameters(index = "2", paramLabel = "LAYER", description = "Kind of layer; backstore:layers --types lists them")
    @Completes(Kind.LAYER_TYPE)
    private String type;

    @Parameters(
            index = "3..*",
            paramLabel = "SETTING",
            arity = "0..*",
            description = "key=value; what set does not name stays, and key= takes a setting away")
    @Completes(Kind.LAYER_SETTING)
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--format",
            description = "Gives up the data of the backstore, which a layer that changes it may need")
    private boolean format;

    @Override
    void run() throws ConfigException {
        if (format && !action.equals("add")) {
            throw new IllegalArgumentException("--format goes with add");
        }
        switch (action) {
            case "add" -> {
                gateway().layers().add(name, layer(Map.of()), format);
                print("Backstore " + name + " has a layer " + type + " now.");
            }
            case "set" -> {
                gateway().layers().set(name, layer(present()));
                print("Layer " + type + " of backstore " + name + " has these settings now.");
            }
            case "remove" -> {
                if (!settings.isEmpty()) {
                    throw new IllegalArgumentException("remove needs no settings");
                }
                gateway().layers().remove(name, type);
                print("Backstore " + name + " has no layer " + type + " any more.");
            }
            default -> throw new IllegalArgumentException("'" + action + "' is none of add, set and remove");
        }
    }

    private Map<String, String> present() {
        return gateway().config().backstore(name).stream()
                .flatMap(backstore -> backstore.layers().stream())
                .filter(layer -> layer.type().equals(type))
                .map(LayerConfig::options)
                .findFirst()
                .orElse(Map.of());
    }

    private LayerConfig layer(Map<String, String> before) {
        Map<String, String> options = new TreeMap<>(before);
        for (String pair : settings) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + pair + "' is not a setting: write it like key=value");
            }
            String key = pair.substring(0, equals);
            String value = pair.substring(equals + 1);
            if (value.isEmpty()) {
                options.remove(key);
            } else {
                options.put(key, value);
            }
        }
        return new LayerConfig(type, options);
    }
}
