package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lun:replace}. */
@Command(
        name = "lun:replace",
        description = "Puts another backstore under a LUN; hosts see the same disk",
        footer = "lun:replace iqn.2026-11.io.sluice:disk0 0 restored")
final class LunReplaceCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "TARGET", description = "iSCSI name of the target")
    @Completes(Kind.TARGET)
    private String name;

    @Parameters(index = "1", paramLabel = "LUN", description = "The LUN")
    @Completes(Kind.LUN)
    private int lun;

    @Parameters(index = "2", paramLabel = "BACKSTORE", description = "The other backstore, which is not mapped")
    @Completes(Kind.BACKSTORE)
    private String backstore;

    @Override
    void run() throws ConfigException {
        String former = gateway().replaceLun(target(name), lun, backstore);
        print("LUN " + lun + " has the blocks of " + backstore + " now; " + former
                + " is not mapped any more, and has a new identity.");
    }
}
