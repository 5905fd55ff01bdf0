package io.sluice.manager.foreign;

import io.sluice.backstore.Secret;
import java.util.List;
import java.util.Map;

/**
 * What the configuration of another target becomes.
 *
 * @param document a document of ours, to be merged
 * @param secrets the secrets that it names
 * @param left what could not be taken over, and why, one line each
 */
public record ForeignDocument(String document, Map<String, Secret> secrets, List<String> left) {

    public ForeignDocument {
        secrets = Map.copyOf(secrets);
        left = List.copyOf(left);
    }
}
