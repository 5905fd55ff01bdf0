package io.sluice.manager;

import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.UnitIdentity;
import io.sluice.management.BackstoreRequest;
import io.sluice.manager.volume.MissingPartException;
import io.sluice.manager.volume.Offer;
import io.sluice.manager.volume.Offers;
import io.sluice.manager.volume.Parts;
import io.sluice.manager.volume.StoreOpener;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What someone wants to have made, checked against everything that can be known before.
 *
 * @param asked the backstore as it was asked for
 * @param parts who makes it
 */
record Creation(BackstoreConfig asked, Parts parts) {

    /** Makes a configuration that has a new backstore in it. */
    @FunctionalInterface
    interface Placement {
        GatewayConfig apply(GatewayConfig before, BackstoreConfig backstore) throws ConfigException;
    }

    /** @throws ConfigException if it cannot be; nothing has been made */
    static Creation of(
            BackstoreRequest request,
            Placement placement,
            GatewayConfig config,
            Offers<BackstoreProvider> offers,
            StoreOpener opener)
            throws ConfigException {
        requireOptions(request, offers);
        if (config.backstore(request.name()).isPresent()) {
            throw new ConfigException("there is a backstore " + request.name() + " already: choose another name");
        }
        try {
            BackstoreConfig asked = Configs.of(request, UnitIdentity.random());
            // Refuses bad names and LUNs before anything is made on disk.
            placement.apply(config, asked.withSizeBytes(asked.blockSize()));
            return new Creation(asked, opener.find(asked));
        } catch (IllegalArgumentException | MissingPartException refused) {
            throw new ConfigException(refused.getMessage(), refused);
        }
    }

    private static void requireOptions(BackstoreRequest request, Offers<BackstoreProvider> offers)
            throws ConfigException {
        Offer<BackstoreProvider> offer = offers.find(request.type());
        if (offer == null) {
            String types = offers.all().stream().map(Offer::type).collect(Collectors.joining(", "));
            throw new ConfigException("there is no backstore type '" + request.type() + "': the installed ones are "
                    + (types.isEmpty() ? "none" : types));
        }
        Set<String> known =
                offer.options().stream().map(BackstoreOption::name).collect(Collectors.toCollection(TreeSet::new));
        for (String option : new TreeSet<>(request.options().keySet())) {
            if (!known.contains(option)) {
                throw new ConfigException("type " + request.type() + " has no option '" + option + "': it knows "
                        + (known.isEmpty() ? "none" : String.join(", ", known)));
            }
        }
        for (BackstoreOption option : offer.options()) {
            if (option.required() && !request.options().containsKey(option.name())) {
                throw new ConfigException(
                        "type " + request.type() + " needs the option " + option.name() + ": " + option.description());
            }
        }
    }
}
