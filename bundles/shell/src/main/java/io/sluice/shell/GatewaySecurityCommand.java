package io.sluice.shell;

import io.sluice.config.ChapAlgorithm;
import io.sluice.config.ConfigException;
import io.sluice.config.SecurityConfig;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gateway:security}. */
@Command(
        name = "gateway:security",
        description = "Says how logins are made secure; gateway:status shows it",
        footer = {"gateway:security --discovery-chap on", "gateway:security --chap-algorithms sha3-256,sha256"})
final class GatewaySecurityCommand extends GatewayCommand {

    @Option(
            names = "--discovery-chap",
            paramLabel = "SWITCH",
            description = "on: whoever asks which targets there are has to prove who he is; or off")
    @Completes(Kind.SWITCH)
    private String discoveryChap;

    @Option(
            names = "--chap-algorithms",
            paramLabel = "LIST",
            description = "What may be used for CHAP, with commas between: sha3-256, sha256, sha1, md5")
    @Completes(Kind.ALGORITHMS)
    private String algorithms;

    @Override
    void run() throws ConfigException {
        if (discoveryChap == null && algorithms == null) {
            throw new IllegalArgumentException("nothing is to be changed: name --discovery-chap or --chap-algorithms");
        }
        SecurityConfig before = gateway().config().security();
        SecurityConfig changed = new SecurityConfig(
                algorithms == null ? before.algorithms() : list(algorithms),
                discoveryChap == null ? before.discoveryChap() : isOn(discoveryChap));
        gateway().access().setSecurity(changed);
        print("CHAP may use " + String.join(", ", labels(changed)) + "; discovery "
                + (changed.discoveryChap() ? "asks for it." : "does not ask for it."));
    }

    static List<String> labels(SecurityConfig security) {
        return security.algorithms().stream().map(ChapAlgorithm::label).toList();
    }

    private static List<ChapAlgorithm> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .map(ChapAlgorithm::parse)
                .collect(Collectors.toList());
    }
}
