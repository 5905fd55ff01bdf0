package io.sluice.shell;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.LayerConfig;
import io.sluice.management.LayerTypeStatus;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import io.sluice.shell.output.Listing;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backstore:layers}. */
@Command(
        name = "backstore:layers",
        description = "Lists the layers of backstores",
        footer = {"backstore:layers disk0", "backstore:layers --types"})
final class BackstoreLayersCommand extends ListingCommand {

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Name of a backstore; all without it")
    @Completes(Kind.BACKSTORE)
    private String name;

    @Option(names = "--types", description = "Lists the kinds of layers that there are, and their settings")
    private boolean types;

    @Override
    Listing list() throws ConfigException {
        if (types) {
            return types();
        }
        Listing listing = Listing.list("No backstore has a layer.");
        for (BackstoreConfig backstore : backstores()) {
            for (LayerConfig layer : backstore.layers()) {
                listing.add()
                        .put("backstore", "Backstore", backstore.name())
                        .put("type", "Layer", layer.type())
                        .put(
                                "options",
                                "Settings",
                                layer.options(),
                                layer.options().entrySet().stream()
                                        .map(option -> option.getKey() + "=" + option.getValue())
                                        .toList());
            }
        }
        return listing;
    }

    private List<BackstoreConfig> backstores() throws ConfigException {
        if (name == null) {
            return gateway().config().backstores();
        }
        return List.of(gateway()
                .config()
                .backstore(name)
                .orElseThrow(() -> new ConfigException(
                        "there is no backstore " + name + ": backstore:list shows those that there are")));
    }

    private Listing types() {
        Listing listing = Listing.list("No layer bundle is installed.");
        for (LayerTypeStatus type : gateway().layers().types()) {
            listing.add()
                    .put("type", "Type", type.type())
                    .put("description", "Description", type.description())
                    .put("keepsBlocks", "Keeps blocks", type.keepsBlocks())
                    .put(
                            "options",
                            "Settings",
                            type.options().stream()
                                    .map(BackstoreTypesCommand::json)
                                    .toList(),
                            type.options().stream()
                                    .map(BackstoreTypesCommand::text)
                                    .toList());
        }
        return listing;
    }
}
