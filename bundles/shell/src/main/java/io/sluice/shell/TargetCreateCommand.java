package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;

/** {@code target:create}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "target",
        name = "create",
        description = "Creates a target, with a disk if a file is named",
        detailedDescription = "Example: target:create iqn.2026-11.io.sluice:disk0 --file disk0.img --size 10G")
public final class TargetCreateCommand extends GatewayCommand {

    @Argument(index = 0, name = "name", description = "iSCSI name of the new target", required = true)
    private String name;

    @Option(name = "--backstore", description = "A backstore to map, from LUN 0 up", multiValued = true)
    @Completion(BackstoreCompleter.class)
    private List<String> backstores = new ArrayList<>();

    @Option(name = "--file", description = "A file to be LUN 0; made if it is not there")
    @Completion(FileCompleter.class)
    private String file;

    @Option(name = "--size", description = "Capacity of the file, such as 10G")
    private String size;

    @Option(name = "--block-size", description = "Bytes in a logical block: 512 or 4096")
    private int blockSize;

    @Option(name = "--thick", description = "Initiators see a fully provisioned disk")
    private boolean thick;

    @Override
    void run() throws ConfigException {
        IscsiName target = target(name);
        if (file == null) {
            if (size != null || blockSize != 0 || thick) {
                throw new IllegalArgumentException("--size, --block-size and --thick go with --file");
            }
            gateway().createTarget(target, backstores);
        } else {
            if (!backstores.isEmpty()) {
                throw new IllegalArgumentException("--file and --backstore exclude each other: use lun:map afterwards");
            }
            gateway()
                    .createTarget(
                            target,
                            new BackstoreOptions()
                                    .size(size)
                                    .blocks(blockSize, 0)
                                    .flags(thick, false, false)
                                    .path(file)
                                    .request("file", Names.unused(target, gateway())));
        }
        System.out.println("Created target " + target + ".");
    }
}
