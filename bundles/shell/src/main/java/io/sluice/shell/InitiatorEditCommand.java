package io.sluice.shell;

import io.sluice.backstore.Secret;
import io.sluice.config.ChapConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.LimitConfig;
import io.sluice.config.LimitText;
import io.sluice.config.Network;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Option;

/** What the commands share that say who an initiator is. */
abstract class InitiatorEditCommand extends GatewayCommand {

    @Option(
            names = "--iqn",
            paramLabel = "PATTERN",
            description = "iSCSI name of a host, or a pattern with *; may be given several times")
    @Completes(Kind.HOST_NAME)
    private List<String> iqns = new ArrayList<>();

    @Option(
            names = "--address",
            paramLabel = "NETWORK",
            description = "Where it comes from, such as 192.0.2.0/24; may be given several times")
    @Completes(Kind.HOST_ADDRESS)
    private List<String> addresses = new ArrayList<>();

    @Option(names = "--chap", paramLabel = "USER", description = "CHAP user that it has to prove to be")
    private String chap;

    @Option(
            names = "--secret-file",
            paramLabel = "PATH",
            description = "File with the secret, which is asked for otherwise; a relative path begins in etc/")
    @Completes(Kind.SECRET_FILE)
    private String secretFile;

    @Option(names = "--mutual", paramLabel = "USER", description = "CHAP user that the target proves to be")
    private String mutual;

    @Option(names = "--mutual-secret-file", paramLabel = "PATH", description = "File with the secret of the target")
    @Completes(Kind.SECRET_FILE)
    private String mutualSecretFile;

    @Option(
            names = "--iops",
            paramLabel = "RATE",
            description = "Commands a second that move blocks, of all hosts that it is together; 0 for any number")
    @Completes(Kind.IOPS)
    private String iops;

    @Option(
            names = "--bandwidth",
            paramLabel = "RATE",
            description = "Bytes a second, such as 100M, of all hosts that it is together; 0 for any number")
    @Completes(Kind.BANDWIDTH)
    private String bandwidth;

    @Option(
            names = "--burst",
            paramLabel = "TIME",
            description = "For how long a limit that is not used is saved up, such as 2s; 100ms if never said")
    @Completes(Kind.BURST)
    private String burst;

    private final Map<String, Secret> secrets = new LinkedHashMap<>();

    final List<String> iqns() {
        return iqns;
    }

    final List<Network> addresses() {
        return addresses.stream().map(Network::parse).toList();
    }

    /** Returns whether the line says anything of what an initiator has to prove. */
    final boolean saysChap() {
        return chap != null || secretFile != null;
    }

    /** Returns whether the line says anything of what the target proves. */
    final boolean saysMutual() {
        return mutual != null || mutualSecretFile != null;
    }

    /** Returns whether the line says anything of a limit. */
    final boolean saysLimits() {
        return iops != null || bandwidth != null || burst != null;
    }

    /**
     * Returns the limits of an initiator; null for none.
     *
     * @param before what they were; may be null
     */
    final LimitConfig limits(LimitConfig before) {
        if (!saysLimits()) {
            return before;
        }
        long operations = rate(iops, before == null ? 0 : before.iops(), text -> LimitText.iops("--iops", text));
        long bytes = rate(
                bandwidth,
                before == null ? 0 : before.bandwidthBytes(),
                text -> LimitText.bandwidth("--bandwidth", text));
        int millis = before == null || burst != null ? LimitConfig.USUAL_BURST_MILLIS : before.burstMillis();
        if (burst != null && !burst.isEmpty()) {
            millis = LimitText.burstMillis("--burst", burst);
        }
        if (operations != 0 || bytes != 0) {
            return new LimitConfig(operations, bytes, millis);
        }
        if (burst != null && !burst.isEmpty()) {
            throw new IllegalArgumentException("--burst goes with a limit: set --iops or --bandwidth too");
        }
        return null;
    }

    private static long rate(String text, long before, ToLongFunction<String> parse) {
        if (text == null) {
            return before;
        }
        return text.isEmpty() || text.equals("0") ? 0 : parse.applyAsLong(text);
    }

    /**
     * Returns what an initiator has to prove, and keeps the secret that it needs, if the line has said anything of it.
     *
     * @param before what it had to prove; may be null
     */
    final ChapConfig chap(String name, ChapConfig before) {
        if (!saysChap()) {
            return before;
        }
        String user = user(chap, before, "--secret-file goes with --chap USER");
        Optional<ChapConfig> shared = SecretNames.ofUser(gateway().config(), user, name);
        if (shared.isPresent() && secretFile == null) {
            print("CHAP user " + user + " keeps the secret that he has with other initiators.");
            return shared.get();
        }
        String secret = shared.map(ChapConfig::secret)
                .orElseGet(() -> SecretNames.choose(gateway().config(), name, before, ".chap"));
        secrets.put(secret, secret(secretFile, "CHAP user " + user, "--secret-file"));
        return new ChapConfig(user, secret);
    }

    /** Returns what the target proves to an initiator, like {@link #chap}. */
    final ChapConfig mutual(String name, ChapConfig before) {
        if (!saysMutual()) {
            return before;
        }
        String user = user(mutual, before, "--mutual-secret-file goes with --mutual USER");
        String secret = SecretNames.choose(gateway().config(), name, before, ".mutual");
        secrets.put(secret, secret(mutualSecretFile, "the target as " + user, "--mutual-secret-file"));
        return new ChapConfig(user, secret);
    }

    /** Returns the secrets that go to the gateway with an initiator that names them. */
    final Map<String, Secret> secrets() {
        if (secrets.values().stream().distinct().count() < secrets.size()) {
            throw new IllegalArgumentException("the two directions need different secrets");
        }
        return secrets;
    }

    /** Checks names and networks, before anybody is asked for a secret. */
    static InitiatorConfig withoutSecrets(String name, List<String> iqns, List<Network> addresses) {
        return new InitiatorConfig(name, iqns, addresses, null, null);
    }

    private static String user(String given, ChapConfig before, String complaint) {
        if (given != null) {
            return given;
        }
        if (before == null) {
            throw new IllegalArgumentException(complaint);
        }
        return before.user();
    }
}
