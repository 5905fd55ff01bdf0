package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lun:unmap}. */
@Command(
        name = "lun:unmap",
        description = "Removes a LUN from a target; the backstore stays",
        footer = "lun:unmap iqn.2026-11.io.sluice:disk0 1")
final class LunUnmapCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "TARGET", description = "iSCSI name of the target")
    @Completes(Kind.TARGET)
    private String name;

    @Parameters(index = "1", paramLabel = "LUN", description = "The LUN")
    @Completes(Kind.LUN)
    private int lun;

    @Option(names = "--force", description = "Takes it away from sessions that can reach it")
    private boolean force;

    @Override
    void run() throws ConfigException {
        gateway().unmapLun(target(name), lun, force);
        print("Unmapped LUN " + lun + " of " + name + ".");
    }
}
