package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import io.sluice.management.PortalStatus;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portal:set}. */
@Command(
        name = "portal:set",
        description = "Changes a portal; what is not named stays, and sessions go on",
        footer = {
            "portal:set 192.0.2.1:3260 --group 2",
            "portal:set 192.0.2.1:3260 --announce 198.51.100.7:3260 --open-to-all off"
        })
final class PortalSetCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "PORTAL", description = "ADDRESS:PORT, such as 0.0.0.0:3260; IPv6 in quotes")
    @Completes(Kind.PORTAL)
    private String address;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "Tag of the group that it belongs to: a way to targets that has its own state")
    @Completes(Kind.PORTAL_GROUP)
    private Integer group;

    @Option(
            names = "--announce",
            paramLabel = "ADDRESS",
            description = "ADDRESS:PORT that initiators are told instead, if theirs is translated on the way")
    private String announce;

    @Option(names = "--no-announce", description = "Initiators are told its own address")
    private boolean noAnnounce;

    @Option(
            names = "--open-to-all",
            paramLabel = "SWITCH",
            description =
                    "on: targets that nobody has been allowed to use are open to everybody who comes this way; or off")
    @Completes(Kind.SWITCH)
    private String openToAll;

    @Override
    void run() throws ConfigException {
        requireSense();
        PortalConfig where = PortalConfig.parse(address);
        PortalConfig before = gateway().portals().stream()
                .map(PortalStatus::config)
                .filter(where::sameAddress)
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        "there is no portal " + where + ": portal:list shows those that there are"));
        PortalConfig changed = new PortalConfig(
                before.host(),
                before.port(),
                group == null ? before.group() : group,
                noAnnounce ? "" : announce == null ? before.announce() : announce,
                openToAll == null ? before.openToAll() : isOn(openToAll));
        gateway().changePortal(changed);
        print("Portal " + changed + " is in group " + changed.group() + " and announced as " + changed.announced()
                + "; targets that nobody has been allowed to use are open "
                + (changed.openToAll() ? "to all who come this way." : "to this machine only."));
    }

    private void requireSense() {
        if (noAnnounce && announce != null) {
            throw new IllegalArgumentException("--no-announce and --announce exclude each other");
        }
        if (group == null && announce == null && !noAnnounce && openToAll == null) {
            throw new IllegalArgumentException("nothing is to be changed: name an option, --help has them");
        }
    }
}
