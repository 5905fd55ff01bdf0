package io.sluice.manager;

import io.sluice.backstore.BackstoreProvider;
import io.sluice.config.ConfigException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** The kinds of backstores that can be had now. Guarded by whoever owns it. */
final class BackstoreRegistry {

    private final Map<String, BackstoreProvider> providers = new TreeMap<>();

    /** Returns whether the provider is the one for its type from now on. */
    boolean add(BackstoreProvider provider) {
        return providers.putIfAbsent(provider.type(), provider) == null;
    }

    /** Returns whether the provider was the one for its type. */
    boolean remove(BackstoreProvider provider) {
        return providers.remove(provider.type(), provider);
    }

    Collection<BackstoreProvider> all() {
        return providers.values();
    }

    /** Returns the provider of a type, or null. */
    BackstoreProvider find(String type) {
        return providers.get(type);
    }

    /** @throws ConfigException if there is none, with those that there are */
    BackstoreProvider require(String type) throws ConfigException {
        BackstoreProvider provider = providers.get(type);
        if (provider == null) {
            throw new ConfigException("there is no backstore type '" + type + "': the installed ones are "
                    + (providers.isEmpty() ? "none" : String.join(", ", providers.keySet())));
        }
        return provider;
    }
}
