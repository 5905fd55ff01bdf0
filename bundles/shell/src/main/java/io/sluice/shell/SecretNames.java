package io.sluice.shell;

import io.sluice.config.ChapConfig;
import io.sluice.config.GatewayConfig;
import java.util.Optional;
import java.util.stream.Stream;

/** The names of secrets, which nobody has to know: each initiator has its own, but for users that several share. */
final class SecretNames {

    /** What is left of the 64 characters of a name behind the longest ending. */
    private static final int MAX_LENGTH = 52;

    private SecretNames() {}

    /** Returns what other initiators than one have to prove as a CHAP user: a user has one secret. */
    static Optional<ChapConfig> ofUser(GatewayConfig config, String user, String initiator) {
        return config.initiators().stream()
                .filter(other -> !other.name().equals(initiator) && other.chap() != null)
                .map(other -> other.chap())
                .filter(chap -> chap.user().equals(user))
                .findFirst();
    }

    /**
     * Returns the name for a secret of an initiator.
     *
     * @param before where it has one now, which is taken unless others use it too; may be null
     * @param ending says which of its secrets it is
     */
    static String choose(GatewayConfig config, String initiator, ChapConfig before, String ending) {
        if (before != null && !usedByOthers(config, before.secret(), initiator)) {
            return before.secret();
        }
        String base = initiator.substring(0, Math.min(initiator.length(), MAX_LENGTH));
        String name = base + ending;
        for (int i = 2; usedByOthers(config, name, initiator); i++) {
            name = base + "-" + i + ending;
        }
        return name;
    }

    private static boolean usedByOthers(GatewayConfig config, String secret, String initiator) {
        return config.initiators().stream()
                .filter(other -> !other.name().equals(initiator))
                .flatMap(other -> Stream.of(Optional.ofNullable(other.chap()), Optional.ofNullable(other.mutual())))
                .flatMap(Optional::stream)
                .anyMatch(chap -> chap.secret().equals(secret));
    }
}
