package io.sluice.shell;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.LayerConfig;
import io.sluice.management.BackstoreStatus;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code backstore:info}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "backstore",
        name = "info",
        description = "Shows a backstore",
        detailedDescription = "Example: backstore:info disk0")
public final class BackstoreInfoCommand extends ListingCommand {

    @Argument(index = 0, name = "name", description = "Name of the backstore", required = true)
    @Completion(BackstoreCompleter.class)
    private String name;

    @Override
    Listing list() throws ConfigException {
        BackstoreStatus status = gateway().backstores().stream()
                .filter(candidate -> candidate.config().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("there is no backstore " + name));
        BackstoreConfig config = status.config();
        Listing listing = Listing.properties()
                .property("Name", config.name())
                .property("Type", config.type())
                .property("State", status.state().label())
                .property("Problem", status.problem().isEmpty() ? "none" : status.problem())
                .property("Size", ByteSize.format(config.sizeBytes()))
                .property("Block size", config.blockSize())
                .property("Physical block size", config.physicalBlockSize())
                .property("Thin", config.thin())
                .property("Read-only", config.readOnly())
                .property("Removable", config.removable())
                .property("NAA", config.identity().naa())
                .property("Serial number", config.identity().serial())
                .property("Mapped", status.mappings())
                .property("Operations running", status.operations().running())
                .property("Operations held", status.operations().held())
                .property("Operations overdue", status.operations().overdue());
        status.space().usedBytes().ifPresent(bytes -> listing.property("Allocated", ByteSize.format(bytes)));
        if (!config.layers().isEmpty()) {
            listing.property(
                    "Layers", config.layers().stream().map(LayerConfig::type).toList());
        }
        config.options().forEach((key, value) -> listing.property("Option " + key, value));
        return listing;
    }
}
