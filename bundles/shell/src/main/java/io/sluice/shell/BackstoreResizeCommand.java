package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code backstore:resize}. */
@Command(
        name = "backstore:resize",
        description = "Makes a backstore larger while it is in use",
        footer = "backstore:resize disk0 20G")
final class BackstoreResizeCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the backstore")
    @Completes(Kind.BACKSTORE)
    private String name;

    @Parameters(index = "1", paramLabel = "SIZE", description = "The new size, such as 20G")
    @Completes(Kind.SIZE)
    private String size;

    @Override
    void run() throws ConfigException {
        gateway().resizeBackstore(name, ByteSize.parse(size));
        print("Resized backstore " + name + " to " + size + ".");
    }
}
