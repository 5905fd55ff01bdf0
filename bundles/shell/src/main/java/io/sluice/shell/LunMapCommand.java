package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.TargetConfig;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lun:map}. */
@Command(
        name = "lun:map",
        description = "Maps a backstore to a LUN of a target",
        footer = "lun:map iqn.2026-11.io.sluice:disk0 disk1 --lun 1")
final class LunMapCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "TARGET", description = "iSCSI name of the target")
    @Completes(Kind.TARGET)
    private String name;

    @Parameters(index = "1", paramLabel = "BACKSTORE", description = "Name of the backstore")
    @Completes(Kind.BACKSTORE)
    private String backstore;

    @Option(names = "--lun", paramLabel = "LUN", description = "The LUN, 0 to 16383; the first free one if left out")
    @Completes(Kind.FREE_LUN)
    private Integer lun;

    @Option(names = "--read-only", description = "Writes through this LUN are refused")
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
        print("Mapped backstore " + backstore + " as LUN " + number + ".");
    }
}
