package io.sluice.shell;

import io.sluice.config.ChapConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.LimitConfig;
import io.sluice.config.Network;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code initiator:set}. */
@Command(
        name = "initiator:set",
        description = "Changes who a host is, or its limit; what is not named stays",
        footer = {
            "initiator:set web1 --address 192.0.2.0/24",
            "initiator:set web1 --no-chap --any-address",
            "initiator:set web1 --iops 1000 --bandwidth 100M --burst 2s",
            "initiator:set web1 --bandwidth 0"
        })
final class InitiatorSetCommand extends InitiatorEditCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the initiator")
    @Completes(Kind.INITIATOR)
    private String name;

    @Option(names = "--any-iqn", description = "It may have any iSCSI name")
    private boolean anyIqn;

    @Option(names = "--any-address", description = "It may come from anywhere")
    private boolean anyAddress;

    @Option(names = "--no-chap", description = "It has nothing to prove, and gets no proof")
    private boolean noChap;

    @Option(names = "--no-mutual", description = "The target proves nothing to it")
    private boolean noMutual;

    @Override
    void run() throws ConfigException {
        InitiatorConfig before = gateway()
                .config()
                .initiator(name)
                .orElseThrow(() -> new ConfigException(
                        "there is no initiator " + name + ": initiator:list shows those that there are"));
        List<String> iqns = anyIqn || !iqns().isEmpty() ? iqns() : before.names();
        List<Network> given = addresses();
        List<Network> networks = anyAddress || !given.isEmpty() ? given : before.addresses();
        requireSense(given);
        withoutSecrets(name, iqns, networks);
        LimitConfig limits = limits(before.limits());
        ChapConfig chap = noChap ? null : chap(name, before.chap());
        if (chap == null && saysMutual()) {
            throw new IllegalArgumentException("--mutual goes with --chap USER: who asks for proof gives it too");
        }
        ChapConfig mutual = noChap || noMutual ? null : mutual(name, before.mutual());
        InitiatorConfig changed = new InitiatorConfig(name, iqns, networks, chap, mutual, limits);
        gateway().access().changeInitiator(changed, secrets());
        print("Changed initiator " + name + ": " + Initiators.who(changed) + ".");
    }

    private void requireSense(List<Network> networks) {
        refuse(anyIqn && !iqns().isEmpty(), "--any-iqn and --iqn");
        refuse(anyAddress && !networks.isEmpty(), "--any-address and --address");
        refuse(noChap && (saysChap() || saysMutual()), "--no-chap and a CHAP user");
        refuse(noMutual && saysMutual(), "--no-mutual and --mutual");
        boolean says = anyIqn || anyAddress || noChap || noMutual || saysChap() || saysMutual() || saysLimits();
        if (!says && iqns().isEmpty() && networks.isEmpty()) {
            throw new IllegalArgumentException("nothing is to be changed: name an option, --help has them");
        }
    }

    private static void refuse(boolean both, String options) {
        if (both) {
            throw new IllegalArgumentException(options + " exclude each other");
        }
    }
}
