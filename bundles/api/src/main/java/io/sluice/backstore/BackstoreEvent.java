package io.sluice.backstore;

/** What a store tells of itself without being asked. */
public enum BackstoreEvent {
    /** {@link Backstore#geometry} has another size, without a resize from here. */
    CAPACITY_CHANGED,
    /** {@link Backstore#health} is another one. */
    HEALTH_CHANGED,
    /** The store cannot go on: it is to be closed and opened anew. */
    LOST
}
