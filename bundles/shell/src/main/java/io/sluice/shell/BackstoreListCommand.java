package io.sluice.shell;

import io.sluice.management.BackstoreStatus;
import io.sluice.shell.output.Listing;
import io.sluice.shell.output.Units;
import picocli.CommandLine.Command;

/** {@code backstore:list}. */
@Command(
        name = "backstore:list",
        description = "Lists backstores, what they take and what is free",
        footer = "backstore:list")
final class BackstoreListCommand extends ListingCommand {

    @Override
    Listing list() {
        Listing listing = Listing.list("There are no backstores: backstore:create makes one.");
        for (BackstoreStatus status : gateway().backstores()) {
            long size = status.config().sizeBytes();
            BackstoreStatus.Space space = status.space();
            listing.add()
                    .put("name", "Name", status.config().name())
                    .put("type", "Type", status.config().type())
                    .put("sizeBytes", "Size", size, Units.bytes(size))
                    .put("usedBytes", "Used", Units.orNull(space.usedBytes()), Units.bytes(space.usedBytes()))
                    .put("freeBytes", "Free", Units.orNull(space.freeBytes()), Units.bytes(space.freeBytes()))
                    .json("blockSizeBytes", status.config().blockSize())
                    .put("state", "State", status.state().label())
                    .json("problem", status.problem().isEmpty() ? null : status.problem())
                    .put("mappings", "Mapped", status.mappings());
        }
        return listing;
    }
}
