package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.config.BackstoreConfig;
import java.util.concurrent.CompletionStage;

/** A store that is open and on its way from one disk to another. */
public final class GivenStore {

    private final BackstoreConfig config;
    private final Opening opening;

    GivenStore(BackstoreConfig config, Opening opening) {
        this.config = config;
        this.opening = opening;
    }

    /** Returns what it was opened by. */
    public BackstoreConfig config() {
        return config;
    }

    /** Returns who has opened it. */
    public Parts parts() {
        return opening.parts();
    }

    Opening opening() {
        return opening;
    }

    /** Returns whether its blocks can be given back. */
    public boolean can(Class<?> ability) {
        return opening.store().ability(ability) != null;
    }

    /** Returns the store itself, for who copies to it. */
    public Backstore store() {
        return opening.store();
    }

    /** Closes it. */
    public CompletionStage<Void> close() {
        return opening.store().close();
    }
}
