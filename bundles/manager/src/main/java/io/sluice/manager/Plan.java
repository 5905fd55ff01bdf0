package io.sluice.manager;

import io.sluice.backstore.BackstoreProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.manager.volume.Offer;
import io.sluice.manager.volume.StoreOpener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What has to be done to storage before one configuration can take the place of another, checked as far as that is possible
 * before anything is done.
 *
 * @param before the configuration in use
 * @param wanted the other one, as it was asked for
 * @param making what is to be made
 * @param growing what is to be made larger, with its new size
 * @param closing what has to be closed before, because what is to be made may be made of its storage; nobody can reach it
 * @param mapped where backstores are mapped before, by their names
 */
record Plan(
        GatewayConfig before,
        GatewayConfig wanted,
        List<Creation> making,
        List<BackstoreConfig> growing,
        Set<String> closing,
        Map<String, List<String>> mapped) {

    /** @throws ConfigException with the first thing that cannot be done */
    static Plan of(GatewayConfig before, GatewayConfig wanted, StoreOpener opener) throws ConfigException {
        Plan plan = new Plan(
                before, wanted, new ArrayList<>(), new ArrayList<>(), new LinkedHashSet<>(), Configs.mappings(before));
        for (BackstoreConfig backstore : wanted.backstores()) {
            BackstoreConfig old = before.backstore(backstore.name()).orElse(null);
            if (old == null) {
                plan.requireOwnIdentity(backstore, opener);
                plan.making.add(Creation.of(backstore, opener));
            } else if (!old.equals(backstore)) {
                plan.change(old, backstore, opener);
            }
        }
        for (BackstoreConfig old : before.backstores()) {
            boolean gone = wanted.backstore(old.name()).isEmpty();
            if (gone && !plan.making.isEmpty() && plan.mappings(old).isEmpty() && keepsData(old, opener)) {
                plan.closing.add(old.name());
            }
        }
        return plan;
    }

    private void change(BackstoreConfig old, BackstoreConfig changed, StoreOpener opener) throws ConfigException {
        if (changed.equals(old.withSizeBytes(changed.sizeBytes()))) {
            if (changed.sizeBytes() < old.sizeBytes()) {
                throw new ConfigException(
                        "backstore " + old.name() + " cannot be made smaller than its " + old.sizeBytes() + " bytes");
            }
            growing.add(changed);
            return;
        }
        String fields = String.join(", ", Differences.fields(old, changed));
        if (!mappings(old).isEmpty()) {
            throw new ConfigException("backstore " + old.name() + " is in use as " + String.join(", ", mappings(old))
                    + ": unmap it before you change its " + fields);
        }
        if (!keepsData(old, opener)) {
            throw new ConfigException("backstore " + old.name() + " would lose its data by another " + fields
                    + ": leave that as it is, or delete the backstore first");
        }
        requireOwnIdentity(changed, opener);
        making.add(Creation.of(changed, opener));
        closing.add(old.name());
    }

    /** A disk may go on under another name, when nobody uses it. */
    private void requireOwnIdentity(BackstoreConfig made, StoreOpener opener) throws ConfigException {
        for (BackstoreConfig old : before.backstores()) {
            boolean other = !old.name().equals(made.name());
            if (!other || !old.identity().naa().equals(made.identity().naa())) {
                continue;
            }
            String refusal = "backstore " + made.name() + " has the identity of backstore " + old.name() + ", which ";
            if (!mappings(old).isEmpty()) {
                throw new ConfigException(
                        refusal + "is in use as " + String.join(", ", mappings(old)) + ": unmap that first");
            }
            if (!keepsData(old, opener)) {
                throw new ConfigException(refusal + "would lose its data: leave its name as it is");
            }
        }
    }

    private List<String> mappings(BackstoreConfig backstore) {
        return mapped.getOrDefault(backstore.name(), List.of());
    }

    private static boolean keepsData(BackstoreConfig backstore, StoreOpener opener) {
        Offer<BackstoreProvider> offer = opener.stores().find(backstore.type());
        return offer == null || offer.keepsData();
    }

    /** Returns the names of the backstores that something is done to. */
    Set<String> concerned() {
        Set<String> names = new TreeSet<>(closing);
        making.forEach(creation -> names.add(creation.asked().name()));
        growing.forEach(backstore -> names.add(backstore.name()));
        before.backstores().stream()
                .map(BackstoreConfig::name)
                .filter(name -> wanted.backstore(name).isEmpty())
                .forEach(names::add);
        return names;
    }

    /** Returns the configuration as it can be, now that everything has been made. */
    GatewayConfig after(List<NewDisk> made) {
        Map<String, BackstoreConfig> all = new HashMap<>();
        made.forEach(disk -> all.put(disk.config().name(), disk.config()));
        return made.isEmpty()
                ? wanted
                : wanted.withBackstores(wanted.backstores().stream()
                        .map(backstore -> all.getOrDefault(backstore.name(), backstore))
                        .toList());
    }
}
