package io.sluice.backstore;

/** What the completion of a write means. */
public enum Durability {
    /** The data may sit in a volatile cache until the next {@link Backstore#flush} (a write with write cache enabled). */
    CACHED,
    /** The data is on stable storage before the completion (FUA, or a write with the write cache disabled). */
    STABLE
}
