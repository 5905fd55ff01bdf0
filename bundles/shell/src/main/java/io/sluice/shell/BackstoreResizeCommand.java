package io.sluice.shell;

import io.sluice.config.ConfigException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code backstore:resize}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "backstore",
        name = "resize",
        description = "Makes a backstore larger while it is in use",
        detailedDescription = "Example: backstore:resize disk0 20G")
public final class BackstoreResizeCommand extends GatewayCommand {

    @Argument(index = 0, name = "name", description = "Name of the backstore", required = true)
    @Completion(BackstoreCompleter.class)
    private String name;

    @Argument(index = 1, name = "size", description = "The new size, such as 20G", required = true)
    private String size;

    @Override
    void run() throws ConfigException {
        gateway().resizeBackstore(name, ByteSize.parse(size));
        System.out.println("Resized backstore " + name + " to " + size + ".");
    }
}
