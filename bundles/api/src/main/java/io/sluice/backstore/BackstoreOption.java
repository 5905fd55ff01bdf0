package io.sluice.backstore;

import java.util.Objects;

/**
 * A setting that a kind of backstore understands: shown by {@code backstore:types}, completed by TAB and checked.
 *
 * @param name the key in {@code BackstoreConfig.options()}, such as {@code path}
 * @param required whether a configuration without it is refused
 * @param description one line for the user
 */
public record BackstoreOption(String name, boolean required, String description) {

    public BackstoreOption {
        Objects.requireNonNull(name);
        Objects.requireNonNull(description);
    }
}
