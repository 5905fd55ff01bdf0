package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.TargetConfig;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code lun:map}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "lun",
        name = "map",
        description = "Maps a backstore to a LUN of a target",
        detailedDescription = "Example: lun:map iqn.2026-11.io.sluice:disk0 disk1 --lun 1")
public final class LunMapCommand extends GatewayCommand {

    @Argument(index = 0, name = "target", description = "iSCSI name of the target", required = true)
    @Completion(TargetCompleter.class)
    private String name;

    @Argument(index = 1, name = "backstore", description = "Name of the backstore", required = true)
    @Completion(BackstoreCompleter.class)
    private String backstore;

    @Option(name = "--lun", description = "The LUN, 0 to 16383; the first free one if left out")
    private Integer lun;

    @Option(name = "--read-only", description = "Writes through this LUN are refused")
    private boolean readOnly;

    @Override
    void run() throws ConfigException {
        IscsiName target = target(name);
        int number = lun != null
                ? lun
                : gateway()
                        .config()
                        .target(target)
                        .map(TargetConfig::nextFreeLun)
                        .orElse(0);
        gateway().mapLun(target, new LunConfig(number, backstore, readOnly));
        System.out.println("Mapped backstore " + backstore + " as LUN " + number + ".");
    }
}
