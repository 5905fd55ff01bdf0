package io.sluice.shell;

import io.sluice.config.ConfigException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code target:delete}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "target",
        name = "delete",
        description = "Removes a target; its backstores stay",
        detailedDescription = "Example: target:delete iqn.2026-11.io.sluice:disk0")
public final class TargetDeleteCommand extends GatewayCommand {

    @Argument(index = 0, name = "target", description = "iSCSI name of the target", required = true)
    @Completion(TargetCompleter.class)
    private String name;

    @Option(name = "--force", description = "Ends its sessions")
    private boolean force;

    @Override
    void run() throws ConfigException {
        gateway().deleteTarget(target(name), force);
        System.out.println("Deleted target " + name + "; its backstores are still there.");
    }
}
