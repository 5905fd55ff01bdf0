package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code portal:create}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "portal",
        name = "create",
        description = "Listens on an address",
        detailedDescription = "Example: portal:create 192.0.2.1:3260")
public final class PortalCreateCommand extends GatewayCommand {

    @Argument(
            index = 0,
            name = "portal",
            description = "ADDRESS:PORT, such as 0.0.0.0:3260 or [::]:3260",
            required = true)
    private String address;

    @Override
    void run() throws ConfigException {
        PortalConfig portal = PortalConfig.parse(address);
        gateway().createPortal(portal);
        System.out.println("Portal " + portal + " is open.");
    }
}
