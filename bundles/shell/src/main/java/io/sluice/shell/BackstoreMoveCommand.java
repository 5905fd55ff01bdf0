package io.sluice.shell;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backstore:move}. */
@Command(
        name = "backstore:move",
        description = "Moves a backstore to other storage while hosts use it",
        footer = "backstore:move disk0 file --path moved.img --rate 50M")
final class BackstoreMoveCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the backstore")
    @Completes(Kind.BACKSTORE)
    private String name;

    @Parameters(index = "1", paramLabel = "TYPE", description = "Kind of the new storage: see backstore:types")
    @Completes(Kind.BACKSTORE_TYPE)
    private String type;

    @Option(
            names = "--path",
            paramLabel = "PATH",
            description = "File or block device; a relative path begins in volumes/")
    @Completes(Kind.FILE)
    private String path;

    @Option(
            names = "--rate",
            paramLabel = "SIZE",
            description = "How much is copied in a second at most, such as 50M; as much as possible if left out")
    @Completes(Kind.SIZE)
    private String rate;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "KEY=VALUE",
            description = "A setting of the kind; may be given several times")
    @Completes(Kind.SETTING)
    private List<String> options = new ArrayList<>();

    @Override
    void run() throws ConfigException {
        BackstoreConfig to = gateway()
                .moveBackstore(
                        name,
                        type,
                        new BackstoreOptions().path(path).others(options).settings(),
                        rate == null ? 0 : ByteSize.parse(rate));
        print("Moving backstore " + name + " to storage of type " + to.type()
                + ": backstore:moves shows how far it is.");
    }
}
