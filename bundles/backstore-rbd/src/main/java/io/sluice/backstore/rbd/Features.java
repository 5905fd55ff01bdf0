package io.sluice.backstore.rbd;

/** Bits of what an image can do. */
final class Features {

    static final long EXCLUSIVE_LOCK = 1 << 2;
    static final long OBJECT_MAP = 1 << 3;
    static final long FAST_DIFF = 1 << 4;

    /** Some client has what was written, and the cluster has not: set and cleared by the persistent cache of librbd alone. */
    static final long DIRTY_CACHE = 1 << 11;

    /** Bits of what is not up to date of an image. */
    static final long STALE = 0b11;

    private Features() {}
}
