package io.sluice.manager;

import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.config.ConfigException;
import io.sluice.management.BackstoreRequest;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

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

    /** @throws ConfigException if the type is not there or has no such options */
    BackstoreProvider require(BackstoreRequest request) throws ConfigException {
        BackstoreProvider provider = require(request.type());
        Set<String> known =
                provider.options().stream().map(BackstoreOption::name).collect(Collectors.toCollection(TreeSet::new));
        for (String option : new TreeSet<>(request.options().keySet())) {
            if (!known.contains(option)) {
                throw new ConfigException("type " + request.type() + " has no option '" + option + "': it knows "
                        + (known.isEmpty() ? "none" : String.join(", ", known)));
            }
        }
        for (BackstoreOption option : provider.options()) {
            if (option.required() && !request.options().containsKey(option.name())) {
                throw new ConfigException(
                        "type " + request.type() + " needs the option " + option.name() + ": " + option.description());
            }
        }
        return provider;
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
