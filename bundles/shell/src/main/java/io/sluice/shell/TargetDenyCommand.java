package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code target:deny}. */
@Command(
        name = "target:deny",
        description = "Takes back what an initiator was allowed; its sessions end",
        footer = "target:deny iqn.2026-11.io.sluice:disk0 web1")
final class TargetDenyCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "TARGET", description = "iSCSI name of the target")
    @Completes(Kind.TARGET)
    private String name;

    @Parameters(index = "1", paramLabel = "INITIATOR", description = "Name of the initiator or the group")
    @Completes(Kind.ALLOWED)
    private String initiator;

    @Option(
            names = "--open-to-all",
            description = "Takes the last one back too, which opens the target to everybody as a new one is")
    private boolean openToAll;

    @Override
    void run() throws ConfigException {
        IscsiName target = target(name);
        gateway().access().deny(target, initiator, openToAll);
        print(initiator + " may no longer use target " + target + ".");
    }
}
