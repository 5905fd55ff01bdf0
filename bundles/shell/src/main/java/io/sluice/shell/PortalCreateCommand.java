package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code portal:create}. */
@Command(name = "portal:create", description = "Listens on an address", footer = "portal:create 192.0.2.1:3260")
final class PortalCreateCommand extends GatewayCommand {

    @Parameters(
            index = "0",
            paramLabel = "PORTAL",
            description = "ADDRESS:PORT, such as 0.0.0.0:3260; IPv6 in quotes: \"[::]:3260\"")
    @Completes(Kind.NEW_PORTAL)
    private String address;

    @Override
    void run() throws ConfigException {
        PortalConfig portal = PortalConfig.parse(address);
        gateway().createPortal(portal);
        print("Portal " + portal + " is open.");
    }
}
