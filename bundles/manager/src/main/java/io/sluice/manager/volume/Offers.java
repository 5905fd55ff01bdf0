package io.sluice.manager.volume;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What can be had of storage, or of layers, while bundles come and go. Of several that offer the same type the first is used,
 * and the others wait for their turn. Thread-safe; never calls a provider.
 */
public final class Offers<P> {

    private static final Logger LOG = LoggerFactory.getLogger(Offers.class);

    private final String kind;
    private final Set<P> announced = Collections.newSetFromMap(new IdentityHashMap<>());

    /** By type, the one in use first; no list is empty. */
    private final Map<String, List<Offer<P>>> offers = new TreeMap<>();

    /** @param kind what is offered, for logs: backstores, layers */
    public Offers(String kind) {
        this.kind = kind;
    }

    /** A provider has come; what it offers follows when it has been asked. */
    public synchronized void announce(P provider) {
        announced.add(provider);
    }

    /** Takes an offer, unless its provider has gone meanwhile. Returns whether it is the one in use of its type. */
    public synchronized boolean add(Offer<P> offer) {
        if (!announced.contains(offer.provider())) {
            return false;
        }
        List<Offer<P>> sameType = offers.computeIfAbsent(offer.type(), type -> new ArrayList<>());
        sameType.add(offer);
        if (sameType.size() > 1) {
            LOG.warn(
                    "there is a second bundle for {} of the type {}: it waits until the first goes; {} waits, and {} is used",
                    kind,
                    offer.type(),
                    Offer.name(offer.provider()),
                    Offer.name(sameType.get(0).provider()));
        }
        return sameType.size() == 1;
    }

    /** Takes back what a provider has offered; null if it was not the one in use of its type. */
    public synchronized Offer<P> remove(P provider) {
        announced.remove(provider);
        for (List<Offer<P>> sameType : List.copyOf(offers.values())) {
            Offer<P> first = sameType.get(0);
            sameType.removeIf(offer -> offer.provider() == provider);
            if (sameType.isEmpty()) {
                offers.remove(first.type());
            }
            if (first.provider() == provider) {
                if (!sameType.isEmpty()) {
                    LOG.info("the second bundle for {} of the type {} takes over", kind, first.type());
                }
                return first;
            }
        }
        return null;
    }

    /** Returns those in use, by type. */
    public synchronized Collection<Offer<P>> all() {
        return offers.values().stream().map(sameType -> sameType.get(0)).toList();
    }

    /** Returns the one in use of a type, or null. */
    public synchronized Offer<P> find(String type) {
        List<Offer<P>> sameType = offers.get(type);
        return sameType == null ? null : sameType.get(0);
    }

    @Override
    public String toString() {
        return kind;
    }
}
