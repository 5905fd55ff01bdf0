package io.sluice.shell;

import io.sluice.config.ConfigException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code target:disable}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "target",
        name = "disable",
        description = "Ends the sessions of a target and refuses new ones",
        detailedDescription = "Example: target:disable iqn.2026-11.io.sluice:disk0")
public final class TargetDisableCommand extends GatewayCommand {

    @Argument(index = 0, name = "target", description = "iSCSI name of the target", required = true)
    @Completion(TargetCompleter.class)
    private String name;

    @Override
    void run() throws ConfigException {
        gateway().setTargetEnabled(target(name), false);
        System.out.println("Target " + name + " is disabled.");
    }
}
