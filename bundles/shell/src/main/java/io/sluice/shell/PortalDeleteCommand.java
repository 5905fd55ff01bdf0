package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code portal:delete}. */
@Command(
        name = "portal:delete",
        description = "Stops listening on an address; sessions on it go on",
        footer = "portal:delete 192.0.2.1:3260")
final class PortalDeleteCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "PORTAL", description = "ADDRESS:PORT, such as 0.0.0.0:3260; IPv6 in quotes")
    @Completes(Kind.PORTAL)
    private String address;

    @Override
    void run() throws ConfigException {
        PortalConfig portal = PortalConfig.parse(address);
        gateway().deletePortal(portal);
        print("Portal " + portal + " is closed.");
    }
}
