package io.sluice.shell;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.management.BackstoreRequest;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code target:create}. */
@Command(
        name = "target:create",
        description = "Creates a target, with a disk if a file is named",
        footer = {
            "target:create iqn.2026-11.io.sluice:new --file new.img --size 10G",
            "target:create iqn.2026-11.io.sluice:two --backstore disk0"
        })
final class TargetCreateCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "iSCSI name of the new target")
    private String name;

    @Option(
            names = "--backstore",
            paramLabel = "NAME",
            description = "A backstore to map, from LUN 0 up; may be given several times")
    @Completes(Kind.BACKSTORE)
    private List<String> backstores = new ArrayList<>();

    @Option(names = "--file", paramLabel = "PATH", description = "A file to be LUN 0; made if it is not there")
    @Completes(Kind.FILE)
    private String file;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "Capacity of the file, such as 10G; may be left out for a file that exists")
    @Completes(Kind.SIZE)
    private String size;

    @Option(
            names = "--block-size",
            paramLabel = "BYTES",
            description = "Bytes in a logical block: 512 (default) or 4096")
    @Completes(Kind.BLOCK_SIZE)
    private int blockSize;

    @Option(names = "--thick", description = "Initiators see a fully provisioned disk, and it has all its space")
    private boolean thick;

    @Override
    void run() throws ConfigException {
        IscsiName target = target(name);
        if (file == null) {
            if (size != null || blockSize != 0 || thick) {
                throw new IllegalArgumentException("--size, --block-size and --thick go with --file");
            }
            gateway().createTarget(target, backstores);
            print("Created target " + target + ".");
        } else {
            if (!backstores.isEmpty()) {
                throw new IllegalArgumentException("--file and --backstore exclude each other: use lun:map afterwards");
            }
            BackstoreConfig created = gateway().createTarget(target, disk(target));
            print("Created target " + target + ": LUN 0 is backstore "
                    + BackstoreCreateCommand.describe(created, thick));
            BackstoreCreateCommand.cautions(gateway(), created.name()).forEach(this::print);
        }
    }

    private BackstoreRequest disk(IscsiName target) {
        return new BackstoreOptions()
                .size(size)
                .blocks(blockSize, 0)
                .flags(thick, false, false)
                .path(file)
                .request("file", Names.unused(target, gateway()));
    }
}
