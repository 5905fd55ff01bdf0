package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code backstore:move-cancel}. */
@Command(
        name = "backstore:move-cancel",
        description = "Ends a move; hosts go on with the old storage",
        footer = "backstore:move-cancel disk0")
final class BackstoreMoveCancelCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the backstore")
    @Completes(Kind.BACKSTORE)
    private String name;

    @Override
    void run() throws ConfigException {
        gateway().cancelMove(name);
        print("The move of backstore " + name + " has ended: backstore:moves shows how.");
    }
}
