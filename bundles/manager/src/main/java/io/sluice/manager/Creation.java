package io.sluice.manager;

import io.sluice.backstore.BackstoreOption;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.LayerConfig;
import io.sluice.config.UnitIdentity;
import io.sluice.management.BackstoreRequest;
import io.sluice.manager.volume.MissingPartException;
import io.sluice.manager.volume.Offer;
import io.sluice.manager.volume.Offers;
import io.sluice.manager.volume.Parts;
import io.sluice.manager.volume.StoreOpener;
import java.util.Map;
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

    /** What storage is to be a copy of, with those types that can make one: a backstore, or what else the type knows. */
    private static final String SOURCE = "createFrom";

    /** Makes a configuration that has a new backstore in it. */
    @FunctionalInterface
    interface Placement {
        GatewayConfig apply(GatewayConfig before, BackstoreConfig backstore) throws ConfigException;
    }

    /** @throws ConfigException if it cannot be; nothing has been made */
    static Creation of(BackstoreRequest request, Placement placement, GatewayConfig config, StoreOpener opener)
            throws ConfigException {
        try {
            BackstoreConfig asked = Configs.of(request, identity(request, config));
            Creation creation = of(asked, opener);
            if (config.backstore(request.name()).isPresent()) {
                throw new ConfigException("there is a backstore " + request.name() + " already: choose another name");
            }
            // Refuses bad names and LUNs before anything is made on disk.
            placement.apply(config, asked.withSizeBytes(asked.blockSize()));
            return creation;
        } catch (IllegalArgumentException refused) {
            throw new ConfigException(refused.getMessage(), refused);
        }
    }

    /** Returns what may be the name of the backstore that this one is to be a copy of; empty if it is none. */
    String source() {
        return asked.options().getOrDefault(SOURCE, "");
    }

    /** Two disks of one identity would be one disk for a host, which then writes to either. */
    private static UnitIdentity identity(BackstoreRequest request, GatewayConfig config) throws ConfigException {
        UnitIdentity identity = UnitIdentity.chosen(request.naa(), request.serial());
        for (BackstoreConfig other : config.backstores()) {
            if (other.identity().naa().equals(identity.naa())
                    || other.identity().serial().equals(identity.serial())) {
                throw new ConfigException("backstore " + other.name()
                        + " has this NAA identifier or serial number already: two disks that hosts take for one");
            }
        }
        return identity;
    }

    /** @throws ConfigException if there is nobody who makes it, or who knows its options */
    static Creation of(BackstoreConfig asked, StoreOpener opener) throws ConfigException {
        requireOptions("type ", asked.type(), asked.options(), "there is no backstore type", opener.stores());
        for (LayerConfig layer : asked.layers()) {
            requireLayer(layer, opener);
        }
        try {
            return new Creation(asked, opener.find(asked));
        } catch (MissingPartException gone) {
            throw new ConfigException(gone.getMessage(), gone);
        }
    }

    /** @throws ConfigException if nobody offers the layer, or knows its options */
    static void requireLayer(LayerConfig layer, StoreOpener opener) throws ConfigException {
        requireOptions("layer ", layer.type(), layer.options(), "there is no layer", opener.layers());
    }

    private static void requireOptions(
            String kind, String type, Map<String, String> options, String absent, Offers<?> offers)
            throws ConfigException {
        Offer<?> offer = offers.find(type);
        if (offer == null) {
            String types = offers.all().stream().map(Offer::type).collect(Collectors.joining(", "));
            throw new ConfigException(
                    absent + " '" + type + "': the installed ones are " + (types.isEmpty() ? "none" : types));
        }
        Set<String> known =
                offer.options().stream().map(BackstoreOption::name).collect(Collectors.toCollection(TreeSet::new));
        for (String option : new TreeSet<>(options.keySet())) {
            if (!known.contains(option)) {
                throw new ConfigException(kind + type + " has no option '" + option + "': it knows "
                        + (known.isEmpty() ? "none" : String.join(", ", known)));
            }
        }
        for (BackstoreOption option : offer.options()) {
            if (option.required() && !options.containsKey(option.name())) {
                throw new ConfigException(
                        kind + type + " needs the option " + option.name() + ": " + option.description());
            }
        }
    }
}
