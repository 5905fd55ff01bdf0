package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.config.TargetConfig;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code lun:list}. */
@Service
@Parsing(OptionsFirst.class)
@Command(scope = "lun", name = "list", description = "Lists LUNs", detailedDescription = "Example: lun:list")
public final class LunListCommand extends ListingCommand {

    @Argument(index = 0, name = "target", description = "Only those of this target")
    @Completion(TargetCompleter.class)
    private String name;

    @Override
    Listing list() throws ConfigException {
        IscsiName wanted = name == null ? null : target(name);
        if (wanted != null && gateway().config().target(wanted).isEmpty()) {
            throw new ConfigException("there is no target " + wanted);
        }
        Listing listing = Listing.of("Target", "LUN", "Backstore", "Access").whenEmpty("There are no LUNs.");
        for (TargetConfig target : gateway().config().targets()) {
            if (wanted == null || target.name().equals(wanted)) {
                target.luns()
                        .forEach(lun -> listing.row(
                                target.name(),
                                lun.lun(),
                                lun.backstore(),
                                lun.readOnly() ? "read-only" : "read-write"));
            }
        }
        return listing;
    }
}
