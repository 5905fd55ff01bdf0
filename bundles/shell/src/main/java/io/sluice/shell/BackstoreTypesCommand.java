package io.sluice.shell;

import io.sluice.backstore.BackstoreOption;
import io.sluice.management.BackstoreTypeStatus;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code backstore:types}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "backstore",
        name = "types",
        description = "Lists the kinds of backstores that can be created",
        detailedDescription = "Example: backstore:types")
public final class BackstoreTypesCommand extends ListingCommand {

    @Override
    Listing list() {
        Listing listing = Listing.of("Type", "Description", "Options").whenEmpty("No backend bundle is installed.");
        for (BackstoreTypeStatus type : gateway().backstoreTypes()) {
            List<String> options = type.options().stream()
                    .map(option -> option.name()
                            + (option.type() == BackstoreOption.Type.SECRET ? " (file with a secret)" : "")
                            + (option.required() ? " (required)" : ""))
                    .toList();
            listing.row(type.type(), type.description(), options);
        }
        return listing;
    }
}
