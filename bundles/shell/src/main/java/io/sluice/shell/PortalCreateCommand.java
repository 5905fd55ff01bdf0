package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portal:create}. */
@Command(
        name = "portal:create",
        description = "Listens on an address",
        footer = {"portal:create 192.0.2.1:3260 --group 2", "portal:create 192.0.2.1 --announce 198.51.100.7:3260"})
final class PortalCreateCommand extends GatewayCommand {

    @Parameters(
            index = "0",
            paramLabel = "PORTAL",
            description = "ADDRESS:PORT, such as 0.0.0.0:3260; IPv6 in quotes: \"[::]:3260\"")
    @Completes(Kind.NEW_PORTAL)
    private String address;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "Tag of the group that it belongs to, 1 if left out: a way to targets that has its own state")
    @Completes(Kind.PORTAL_GROUP)
    private int group = 1;

    @Option(
            names = "--announce",
            paramLabel = "ADDRESS",
            description = "ADDRESS:PORT that initiators are told instead, if theirs is translated on the way")
    private String announce;

    @Option(
            names = "--open-to-all",
            description = "Targets that nobody has been allowed to use are open to everybody who comes this way")
    private boolean openToAll;

    @Override
    void run() throws ConfigException {
        PortalConfig where = PortalConfig.parse(address);
        PortalConfig portal = new PortalConfig(where.host(), where.port(), group, announce, openToAll);
        gateway().createPortal(portal);
        print("Portal " + portal + " is open.");
    }
}
