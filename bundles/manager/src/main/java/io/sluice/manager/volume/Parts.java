package io.sluice.manager.volume;

import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.LayerProvider;
import java.util.List;

/**
 * Who makes the store of a disk and its layers.
 *
 * @param store who opens the store
 * @param layers who wraps it, from the store upwards
 */
public record Parts(Offer<BackstoreProvider> store, List<Offer<LayerProvider>> layers) {

    /** Returns whether what is offered here is one of them. */
    public boolean has(Offer<?> offer) {
        return store == offer || layers.stream().anyMatch(layer -> layer == offer);
    }

    /** Returns what is wrong when one of them is gone. */
    MissingPartException missing(Offer<?> offer) {
        return store == offer ? MissingPartException.store(offer.type()) : MissingPartException.layer(offer.type());
    }
}
