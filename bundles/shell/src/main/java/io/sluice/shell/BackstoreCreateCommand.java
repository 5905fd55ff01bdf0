package io.sluice.shell;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.management.Gateway;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import io.sluice.shell.output.Units;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backstore:create}. */
@Command(
        name = "backstore:create",
        description = "Creates a backstore",
        footer = {"backstore:create file disk1 --path disk1.img --size 10G", "backstore:create memory scratch --size 1G"
        })
final class BackstoreCreateCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "TYPE", description = "Kind of storage: see backstore:types")
    @Completes(Kind.BACKSTORE_TYPE)
    private String type;

    @Parameters(index = "1", paramLabel = "NAME", description = "Name of the new backstore")
    private String name;

    @Option(
            names = "--path",
            paramLabel = "PATH",
            description = "File or block device; a relative path begins in volumes/")
    @Completes(Kind.FILE)
    private String path;

    @Option(
            names = "--create-from",
            paramLabel = "SOURCE",
            description = "File, or open backstore of the type file, that the new file is made a copy of")
    @Completes(Kind.FILE)
    private String createFrom;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "Capacity, such as 10G; may be left out for storage that exists")
    @Completes(Kind.SIZE)
    private String size;

    @Option(
            names = "--block-size",
            paramLabel = "BYTES",
            description = "Bytes in a logical block: 512 (default) or 4096")
    @Completes(Kind.BLOCK_SIZE)
    private int blockSize;

    @Option(
            names = "--physical-block-size",
            paramLabel = "BYTES",
            description = "What initiators align to; the block size if left out")
    @Completes(Kind.BLOCK_SIZE)
    private int physicalBlockSize;

    @Option(
            names = "--thin",
            description = "Initiators may give unused blocks back (the default, where the storage can)")
    private boolean thin;

    @Option(names = "--thick", description = "Initiators see a fully provisioned disk, and it has all its space")
    private boolean thick;

    @Option(names = "--read-only", description = "Every write is refused")
    private boolean readOnly;

    @Option(names = "--removable", description = "The medium can be ejected")
    private boolean removable;

    @Option(names = "--write-through", description = "Every write is stable before it is acknowledged: no write cache")
    private boolean writeThrough;

    @Option(names = "--no-unmap", description = "A thin disk gives blocks back by WRITE SAME, not by UNMAP")
    private boolean noUnmap;

    @Option(
            names = "--threshold",
            paramLabel = "PERCENT",
            description = "Share in use at which a thin disk warns its initiators")
    @Completes(Kind.PERCENT)
    private int threshold;

    @Option(
            names = "--naa",
            paramLabel = "NAA",
            description = "NAA identifier of a disk that hosts know already; drawn if left out")
    private String naa;

    @Option(names = "--serial", paramLabel = "SERIAL", description = "Serial number of a disk that hosts know already")
    private String serial;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "KEY=VALUE",
            description = "A setting of the kind; may be given several times")
    @Completes(Kind.SETTING)
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
                        .writeThrough(writeThrough)
                        .provisioning(noUnmap, threshold)
                        .identity(naa, serial)
                        .path(path)
                        .createFrom(createFrom)
                        .others(options)
                        .request(type, name));
        print("Created backstore " + describe(created, thick));
        String from = created.options().get(BackstoreOptions.CREATED_FROM);
        if (from != null) {
            print("It was made from " + from + ".");
        }
        cautions(gateway(), created.name()).forEach(this::print);
    }

    /** Returns what whoever makes a backstore should know of what it is kept on: a line, or none. */
    static List<String> cautions(Gateway gateway, String name) {
        return gateway.backstores().stream()
                .filter(status -> status.config().name().equals(name)
                        && !status.space().caution().isEmpty())
                .map(status -> "It is " + status.space().medium() + ": "
                        + status.space().caution() + ".")
                .toList();
    }

    /** Returns the end of a sentence about a new backstore, which says so if it is not thin though nobody asked for that. */
    static String describe(BackstoreConfig created, boolean askedThick) {
        return created.name() + " of " + Units.exactBytes(created.sizeBytes())
                + (askedThick || created.thin() ? "." : ", thick: its storage cannot give blocks back.");
    }
}
