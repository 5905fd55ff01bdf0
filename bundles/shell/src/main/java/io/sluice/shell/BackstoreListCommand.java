package io.sluice.shell;

import io.sluice.management.BackstoreStatus;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code backstore:list}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "backstore",
        name = "list",
        description = "Lists backstores",
        detailedDescription = "Example: backstore:list")
public final class BackstoreListCommand extends ListingCommand {

    @Override
    Listing list() {
        Listing listing = Listing.of("Name", "Type", "Size", "Block", "State", "Mapped")
                .whenEmpty("There are no backstores: backstore:create makes one.");
        for (BackstoreStatus status : gateway().backstores()) {
            listing.row(
                    status.config().name(),
                    status.config().type(),
                    ByteSize.format(status.config().sizeBytes()),
                    status.config().blockSize(),
                    status.state().label(),
                    status.mappings());
        }
        return listing;
    }
}
