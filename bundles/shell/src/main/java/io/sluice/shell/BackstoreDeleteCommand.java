package io.sluice.shell;

import io.sluice.config.ConfigException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code backstore:delete}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "backstore",
        name = "delete",
        description = "Removes a backstore; its data stays where it is",
        detailedDescription = "Example: backstore:delete disk0")
public final class BackstoreDeleteCommand extends GatewayCommand {

    @Argument(index = 0, name = "name", description = "Name of the backstore", required = true)
    @Completion(BackstoreCompleter.class)
    private String name;

    @Override
    void run() throws ConfigException {
        gateway().deleteBackstore(name);
        System.out.println("Deleted backstore " + name + "; its data was left where it is.");
    }
}
