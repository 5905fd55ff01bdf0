package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backstore:reopen}. */
@Command(
        name = "backstore:reopen",
        description = "Closes the storage and opens it anew, which clears a failure",
        footer = "backstore:reopen disk0")
final class BackstoreReopenCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the backstore")
    @Completes(Kind.BACKSTORE)
    private String name;

    @Option(names = "--empty", description = "A memory disk that has lost its data may begin empty")
    private boolean empty;

    @Override
    void run() throws ConfigException {
        gateway().reopenBackstore(name, empty);
        print("Reopened backstore " + name + ".");
    }
}
