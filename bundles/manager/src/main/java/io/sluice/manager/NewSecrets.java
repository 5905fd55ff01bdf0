package io.sluice.manager;

import io.sluice.backstore.Secret;
import io.sluice.config.ChapConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.manager.document.SecretFiles;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The secrets that come with a change. Each gets a file of its own, beside the one in place of which it comes: so there is a
 * whole secret for the configuration before the change and for the one after it, whichever a start finds. On the thread of the
 * manager.
 */
final class NewSecrets {

    private final SecretFiles files;
    private final Map<String, Secret> given;
    /** The names that they have got, by those that they were given with. */
    private final Map<String, String> names = new LinkedHashMap<>();

    NewSecrets(SecretFiles files, Map<String, Secret> given) {
        this.files = files;
        this.given = given;
    }

    /**
     * Writes the secrets down.
     *
     * @param before the configuration whose secrets are to stay
     * @param after the one that they are for
     * @return that one with their new names, wherever it has the old ones
     */
    GatewayConfig keep(GatewayConfig before, GatewayConfig after) throws ConfigException {
        for (Map.Entry<String, Secret> secret : given.entrySet()) {
            names.put(secret.getKey(), files.keep(secret.getKey(), secret.getValue(), before));
        }
        return names.isEmpty()
                ? after
                : after.withInitiators(
                        after.initiators().stream().map(this::renamed).toList());
    }

    private InitiatorConfig renamed(InitiatorConfig initiator) {
        return new InitiatorConfig(
                initiator.name(),
                initiator.names(),
                initiator.addresses(),
                renamed(initiator.chap()),
                renamed(initiator.mutual()),
                initiator.limits());
    }

    private ChapConfig renamed(ChapConfig chap) {
        return chap == null ? null : new ChapConfig(chap.user(), names.getOrDefault(chap.secret(), chap.secret()));
    }

    /** The change is refused. */
    void forget() {
        names.values().forEach(files::forget);
    }
}
