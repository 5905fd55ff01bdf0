package io.sluice.manager.volume;

/** One time that a disk's store is opened: from the first call until the store is closed. */
final class Opening {

    private volatile Parts parts;
    private final StoreEvents events = new StoreEvents();

    /** Whether a bundle has been asked to open the store. */
    private volatile boolean begun;

    private volatile boolean lost;
    private volatile ContainedStore store;

    Opening(Parts parts) {
        this.parts = parts;
    }

    Parts parts() {
        return parts;
    }

    /** Others make it after all. */
    void turnTo(Parts others) {
        parts = others;
    }

    StoreEvents events() {
        return events;
    }

    boolean begun() {
        return begun;
    }

    void begin() {
        begun = true;
    }

    /** Returns whether the store has said that it cannot go on. */
    boolean lost() {
        return lost;
    }

    void lose() {
        lost = true;
    }

    /** Returns the store; null while it is not open. */
    ContainedStore store() {
        return store;
    }

    ContainedStore opened(ContainedStore openStore) {
        store = openStore;
        return openStore;
    }
}
