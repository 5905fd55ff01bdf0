package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code target:delete}. */
@Command(
        name = "target:delete",
        description = "Removes a target; its backstores stay",
        footer = "target:delete iqn.2026-11.io.sluice:disk0")
final class TargetDeleteCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "TARGET", description = "iSCSI name of the target")
    @Completes(Kind.TARGET)
    private String name;

    @Option(names = "--force", description = "Ends its sessions")
    private boolean force;

    @Override
    void run() throws ConfigException {
        gateway().deleteTarget(target(name), force);
        print("Deleted target " + name + "; its backstores are still there.");
    }
}
