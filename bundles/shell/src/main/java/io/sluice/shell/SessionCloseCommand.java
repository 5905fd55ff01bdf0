package io.sluice.shell;

import io.sluice.config.ConfigException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code session:close}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "session",
        name = "close",
        description = "Ends a session; the initiator may log in again",
        detailedDescription = "Example: session:close 1")
public final class SessionCloseCommand extends GatewayCommand {

    @Argument(index = 0, name = "id", description = "Id of the session", required = true)
    @Completion(SessionCompleter.class)
    private int id;

    @Override
    void run() throws ConfigException {
        gateway().closeSession(id);
        System.out.println("Closed session " + id + ".");
    }
}
