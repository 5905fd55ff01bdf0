package io.sluice.shell;

import io.sluice.config.ConfigException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code target:enable}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "target",
        name = "enable",
        description = "Lets initiators log in to a target",
        detailedDescription = "Example: target:enable iqn.2026-11.io.sluice:disk0")
public final class TargetEnableCommand extends GatewayCommand {

    @Argument(index = 0, name = "target", description = "iSCSI name of the target", required = true)
    @Completion(TargetCompleter.class)
    private String name;

    @Override
    void run() throws ConfigException {
        gateway().setTargetEnabled(target(name), true);
        System.out.println("Target " + name + " is enabled.");
    }
}
