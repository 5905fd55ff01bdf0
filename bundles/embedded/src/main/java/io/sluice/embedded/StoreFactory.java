package io.sluice.embedded;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;

/** Opens the store of a disk: once, and again whenever the gateway has closed it, with the data that it had. */
@FunctionalInterface
public interface StoreFactory {

    /**
     * Opens the store, on a thread that may wait.
     *
     * @param geometry what the store has to have
     * @param context what it may live with
     * @throws BackstoreException if it cannot be had now; it is tried again
     */
    Backstore open(BlockGeometry geometry, BackstoreContext context) throws BackstoreException;
}
