package io.sluice.shell;

import io.sluice.config.ConfigException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code lun:unmap}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "lun",
        name = "unmap",
        description = "Removes a LUN from a target; the backstore stays",
        detailedDescription = "Example: lun:unmap iqn.2026-11.io.sluice:disk0 1")
public final class LunUnmapCommand extends GatewayCommand {

    @Argument(index = 0, name = "target", description = "iSCSI name of the target", required = true)
    @Completion(TargetCompleter.class)
    private String name;

    @Argument(index = 1, name = "lun", description = "The LUN", required = true)
    private int lun;

    @Option(name = "--force", description = "Takes it away from sessions that can reach it")
    private boolean force;

    @Override
    void run() throws ConfigException {
        gateway().unmapLun(target(name), lun, force);
        System.out.println("Unmapped LUN " + lun + " of " + name + ".");
    }
}
