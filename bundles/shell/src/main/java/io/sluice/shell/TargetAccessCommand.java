package io.sluice.shell;

import io.sluice.config.AccessState;
import io.sluice.config.ConfigException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code target:access}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "target",
        name = "access",
        description = "Sets the access state (ALUA) of a target",
        detailedDescription = "Example: target:access iqn.2026-11.io.sluice:disk0 standby")
public final class TargetAccessCommand extends GatewayCommand {

    @Argument(index = 0, name = "target", description = "iSCSI name of the target", required = true)
    @Completion(TargetCompleter.class)
    private String name;

    @Argument(
            index = 1,
            name = "state",
            description = "active-optimized, active-non-optimized, standby or unavailable",
            required = true)
    @Completion(AccessStateCompleter.class)
    private String state;

    @Override
    void run() throws ConfigException {
        AccessState wanted = AccessState.parse(state);
        gateway().setTargetAccessState(target(name), wanted);
        System.out.println("Target " + name + " is " + wanted.label() + ".");
    }
}
