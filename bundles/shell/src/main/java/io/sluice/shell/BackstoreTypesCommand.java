package io.sluice.shell;

import io.sluice.backstore.BackstoreOption;
import io.sluice.management.BackstoreTypeStatus;
import io.sluice.shell.output.Listing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code backstore:types}. */
@Command(
        name = "backstore:types",
        description = "Lists the kinds of backstores and their settings",
        footer = "backstore:types")
final class BackstoreTypesCommand extends ListingCommand {

    @Override
    Listing list() {
        Listing listing = Listing.list("No backend bundle is installed.");
        for (BackstoreTypeStatus type : gateway().backstoreTypes()) {
            List<String> options =
                    type.options().stream().map(BackstoreTypesCommand::text).toList();
            listing.add()
                    .put("type", "Type", type.type())
                    .put("description", "Description", type.description())
                    .put(
                            "options",
                            "Options",
                            type.options().stream()
                                    .map(BackstoreTypesCommand::json)
                                    .toList(),
                            options);
        }
        return listing;
    }

    static String text(BackstoreOption option) {
        return option.name()
                + (option.type() == BackstoreOption.Type.SECRET ? " (file with a secret)" : "")
                + (option.required() ? " (required)" : "");
    }

    static Map<String, Object> json(BackstoreOption option) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", option.name());
        json.put("type", option.type().name().toLowerCase(Locale.ROOT));
        json.put("required", option.required());
        json.put("description", option.description());
        return json;
    }
}
