package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code backstore:delete}. */
@Command(
        name = "backstore:delete",
        description = "Removes a backstore; files and devices keep their data",
        footer = "backstore:delete disk0")
final class BackstoreDeleteCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the backstore")
    @Completes(Kind.BACKSTORE)
    private String name;

    @Override
    void run() throws ConfigException {
        gateway().deleteBackstore(name);
        print("Deleted backstore " + name + ". Files and devices keep their data.");
    }
}
