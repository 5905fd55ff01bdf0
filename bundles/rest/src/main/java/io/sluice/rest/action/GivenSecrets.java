package io.sluice.rest.action;

import io.sluice.backstore.Secret;
import io.sluice.config.ChapConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.rest.shape.Fields;
import io.sluice.rest.shape.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an initiator and its target have to prove, as a document says it, and the secrets that come with it. Nobody has to know
 * the names of secrets: each initiator has its own, but for users that several share.
 */
final class GivenSecrets {

    /** What is left of the 64 characters of a name behind the longest ending. */
    private static final int MOST_CHARACTERS = 52;

    private final GatewayConfig config;
    private final String initiator;
    private final Fields body;
    private final Map<String, Secret> secrets = new LinkedHashMap<>();

    GivenSecrets(GatewayConfig config, String initiator, Fields body) {
        this.config = config;
        this.initiator = initiator;
        this.body = body;
    }

    /** @param before what the initiator had to prove; may be null */
    ChapConfig chap(ChapConfig before) {
        Optional<String> shared = config.initiators().stream()
                .filter(other -> !other.name().equals(initiator) && other.chap() != null)
                .map(InitiatorConfig::chap)
                .filter(chap -> chap.user().equals(body.text("chapUser", "")))
                .map(ChapConfig::secret)
                .findFirst();
        return proof("chap", before, shared);
    }

    /** @param before what the target had to prove; may be null */
    ChapConfig mutual(ChapConfig before) {
        return proof("mutual", before, Optional.empty());
    }

    private ChapConfig proof(String way, ChapConfig before, Optional<String> shared) {
        String userField = way + "User";
        String secretField = way + "Secret";
        if (!body.has(userField)) {
            if (body.has(secretField)) {
                throw new RefusedException(400, "field '" + secretField + "' goes with field '" + userField + "'");
            }
            return null;
        }
        String name = shared.orElseGet(() -> choose(before, "." + way));
        if (body.has(secretField)) {
            secrets.put(name, new Secret(body.text(secretField).getBytes(StandardCharsets.UTF_8)));
        } else if (shared.isEmpty()) {
            if (before == null) {
                throw new RefusedException(400, "field '" + secretField + "' is missing: there is no secret yet");
            }
            return new ChapConfig(body.text(userField), before.secret());
        }
        return new ChapConfig(body.text(userField), name);
    }

    /** Returns the secrets that are new, by the names that the proofs have for them. */
    Map<String, Secret> all() {
        if (new HashSet<>(secrets.values()).size() < secrets.size()) {
            throw new IllegalArgumentException("the two directions need different secrets");
        }
        return secrets;
    }

    private String choose(ChapConfig before, String ending) {
        if (before != null && !usedByOthers(before.secret())) {
            return before.secret();
        }
        String base = initiator.substring(0, Math.min(initiator.length(), MOST_CHARACTERS));
        String name = base + ending;
        for (int i = 2; usedByOthers(name); i++) {
            name = base + "-" + i + ending;
        }
        return name;
    }

    private boolean usedByOthers(String secret) {
        return config.initiators().stream()
                .filter(other -> !other.name().equals(initiator))
                .anyMatch(other -> other.secrets().contains(secret));
    }
}
