package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code portal:delete}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "portal",
        name = "delete",
        description = "Stops listening on an address; sessions on it go on",
        detailedDescription = "Example: portal:delete 192.0.2.1:3260")
public final class PortalDeleteCommand extends GatewayCommand {

    @Argument(
            index = 0,
            name = "portal",
            description = "ADDRESS:PORT, such as 0.0.0.0:3260 or [::]:3260",
            required = true)
    @Completion(PortalCompleter.class)
    private String address;

    @Override
    void run() throws ConfigException {
        PortalConfig portal = PortalConfig.parse(address);
        gateway().deletePortal(portal);
        System.out.println("Portal " + portal + " is closed.");
    }
}
