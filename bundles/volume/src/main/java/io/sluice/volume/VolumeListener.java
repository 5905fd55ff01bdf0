package io.sluice.volume;

/** Whoever serves a volume to initiators. Called on a thread of the {@link VolumeRuntime}, soon after; may do I/O. */
public interface VolumeListener {

    /** The capacity is another one. */
    default void capacityChanged() {}

    /**
     * The store is away, and operations wait for it.
     *
     * @param reason one line for the operator
     */
    default void storeGone(String reason) {}

    /**
     * There is a store again, and no operation has got to it yet. Must not use the volume, and must not wait: operations do.
     *
     * @param failed whether operations have failed meanwhile, so that initiators know that it was away
     */
    default void storeComes(boolean failed) {}

    /**
     * There is a store again, and operations go to it.
     *
     * @param failed whether operations have failed meanwhile, so that initiators know that it was away
     */
    default void storeCame(boolean failed) {}
}
