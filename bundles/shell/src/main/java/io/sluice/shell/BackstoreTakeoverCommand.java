package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backstore:takeover}. */
@Command(
        name = "backstore:takeover",
        description = "Serves a disk here that another gateway has too",
        footer = "backstore:takeover disk0")
final class BackstoreTakeoverCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the backstore")
    @Completes(Kind.BACKSTORE)
    private String name;

    @Option(names = "--force", description = "Shuts out the gateway that serves it, and does not ask it first")
    private boolean force;

    @Override
    void run() throws ConfigException {
        gateway().takeOverBackstore(name, force);
        print("Backstore " + name + " is served here.");
    }
}
