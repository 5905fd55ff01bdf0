package io.sluice.shell;

import io.sluice.config.ChapConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.LimitConfig;
import io.sluice.config.Network;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code initiator:create}. */
@Command(
        name = "initiator:create",
        description = "Says who a host is, so that targets can be given to it",
        footer = {
            "initiator:create db1 --iqn iqn.1993-08.org.debian:01:db1",
            "initiator:create lab --address 192.0.2.0/24 --address 2001:db8::/32",
            "initiator:create db2 --chap db2 --secret-file db2.secret",
            "initiator:create tests --address 198.51.100.0/24 --bandwidth 100M"
        })
final class InitiatorCreateCommand extends InitiatorEditCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the new initiator")
    private String name;

    @Override
    void run() throws ConfigException {
        GatewayConfig config = gateway().config();
        if (config.initiator(name).isPresent() || config.group(name).isPresent()) {
            throw new ConfigException("there is an initiator or a group " + name
                    + " already: choose another name, or use initiator:set or initiator:group");
        }
        List<Network> networks = addresses();
        withoutSecrets(name, iqns(), networks);
        LimitConfig limits = limits(null);
        if (saysMutual() && !saysChap()) {
            throw new IllegalArgumentException("--mutual goes with --chap USER: who asks for proof gives it too");
        }
        ChapConfig chap = chap(name, null);
        InitiatorConfig made = new InitiatorConfig(name, iqns(), networks, chap, mutual(name, null), limits);
        gateway().access().createInitiator(made, secrets());
        print("Created initiator " + name + ": " + Initiators.who(made) + ".");
    }
}
