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
     * @throws ConfigException if one cannot be kept, or would be another one for an initiator that this is not about
     */
    GatewayConfig keep(GatewayConfig before, GatewayConfig after) throws ConfigException {
        for (Map.Entry<String, Secret> secret : given.entrySet()) {
            requireShared(secret.getKey(), secret.getValue(), before, after);
            names.put(secret.getKey(), files.keep(secret.getKey(), secret.getValue(), before));
        }
        return names.isEmpty()
                ? after
                : after.withInitiators(
                        after.initiators().stream().map(this::renamed).toList());
    }

    /** Who comes to share a secret does not change it: hosts that have it could not log in any more, and nobody has said so. */
    private void requireShared(String name, Secret secret, GatewayConfig before, GatewayConfig after)
            throws ConfigException {
        InitiatorConfig holder = null;
        boolean joined = false;
        for (InitiatorConfig initiator : after.initiators()) {
            if (initiator.secrets().contains(name)) {
                boolean had = before.initiator(initiator.name())
                        .filter(old -> old.secrets().contains(name))
                        .isPresent();
                holder = had && holder == null ? initiator : holder;
                joined |= !had;
            }
        }
        if (!joined || holder == null) {
            return;
        }
        String problem = files.problem(name);
        if (problem != null) {
            throw new ConfigException(problem);
        }
        if (!files.holds(name, secret)) {
            ChapConfig proof = holder.chap().secret().equals(name) ? holder.chap() : holder.mutual();
            throw new ConfigException("the CHAP user " + proof.user() + " has another secret, with " + holder.name()
                    + ": leave the secret out, or change it there");
        }
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
