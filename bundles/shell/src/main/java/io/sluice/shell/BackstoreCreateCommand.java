package io.sluice.shell;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;

/** {@code backstore:create}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "backstore",
        name = "create",
        description = "Creates a backstore",
        detailedDescription = "Example: backstore:create file disk0 --path disk0.img --size 10G")
public final class BackstoreCreateCommand extends GatewayCommand {

    @Argument(index = 0, name = "type", description = "Kind of storage: see backstore:types", required = true)
    @Completion(BackstoreTypeCompleter.class)
    private String type;

    @Argument(index = 1, name = "name", description = "Name of the new backstore", required = true)
    private String name;

    @Option(name = "--path", description = "File or block device; a relative path begins in volumes/")
    @Completion(FileCompleter.class)
    private String path;

    @Option(name = "--size", description = "Capacity, such as 10G; may be left out for storage that exists")
    private String size;

    @Option(name = "--block-size", description = "Bytes in a logical block: 512 or 4096")
    private int blockSize;

    @Option(name = "--physical-block-size", description = "Bytes in a physical block")
    private int physicalBlockSize;

    @Option(
            name = "--thin",
            description = "Initiators may give unused blocks back (the default, where the storage can)")
    private boolean thin;

    @Option(name = "--thick", description = "Initiators see a fully provisioned disk")
    private boolean thick;

    @Option(name = "--read-only", description = "Every write is refused")
    private boolean readOnly;

    @Option(name = "--removable", description = "The medium can be ejected")
    private boolean removable;

    @Option(name = "--no-unmap", description = "A thin disk gives blocks back by WRITE SAME, not by UNMAP")
    private boolean noUnmap;

    @Option(name = "--threshold", description = "Percent in use at which initiators of a thin disk are warned")
    private int threshold;

    @Option(name = "-o", aliases = "--option", description = "A setting of the kind: key=value", multiValued = true)
    private List<String> options = new ArrayList<>();

    @Override
    void run() throws ConfigException {
        if (thin && thick) {
            throw new IllegalArgumentException("--thin and --thick exclude each other");
        }
        if (thick && (noUnmap || threshold != 0)) {
            throw new IllegalArgumentException("--no-unmap and --threshold are for thin disks: leave --thick out");
        }
        BackstoreConfig created = gateway()
                .createBackstore(new BackstoreOptions()
                        .size(size)
                        .blocks(blockSize, physicalBlockSize)
                        .flags(thick, readOnly, removable)
                        .provisioning(noUnmap, threshold)
                        .path(path)
                        .others(options)
                        .request(type, name));
        System.out.println("Created backstore " + name + " of " + ByteSize.format(created.sizeBytes())
                + (thick || created.thin() ? "." : ", thick: its storage cannot give blocks back."));
    }
}
