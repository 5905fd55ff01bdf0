package io.sluice.config;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A layer of a backstore.
 *
 * @param type the kind of layer, a {@code LayerProvider.type()}
 * @param options the kind's own settings
 */
public record LayerConfig(String type, Map<String, String> options) {

    public LayerConfig {
        Objects.requireNonNull(type);
        options = Collections.unmodifiableMap(new TreeMap<>(options == null ? Map.of() : options));
    }
}
