package io.sluice.shell;

import io.sluice.config.ConfigException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code backstore:reopen}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "backstore",
        name = "reopen",
        description = "Closes the storage of a backstore and opens it anew: clears a failure, tries again at once",
        detailedDescription = "Example: backstore:reopen disk0")
public final class BackstoreReopenCommand extends GatewayCommand {

    @Argument(index = 0, name = "name", description = "Name of the backstore", required = true)
    @Completion(BackstoreCompleter.class)
    private String name;

    @Override
    void run() throws ConfigException {
        gateway().reopenBackstore(name, false);
        System.out.println("Reopened backstore " + name + ".");
    }
}
