package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code session:close}. */
@Command(
        name = "session:close",
        description = "Ends a session; the initiator may log in again",
        footer = "session:close 3")
final class SessionCloseCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "Id of the session")
    @Completes(Kind.SESSION)
    private int id;

    @Override
    void run() throws ConfigException {
        gateway().closeSession(id);
        print("Closed session " + id + ".");
    }
}
