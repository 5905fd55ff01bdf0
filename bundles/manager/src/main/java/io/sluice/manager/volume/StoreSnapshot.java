package io.sluice.manager.volume;

/**
 * How it is now with the store of a disk.
 *
 * @param phase what is being done
 * @param problem why there is no store, or an empty text
 * @param sinceNanos when that began
 * @param store the open store, or null
 * @param keepsData whether it has its data when it is opened again, as far as is known
 */
record StoreSnapshot(Phase phase, String problem, long sinceNanos, ContainedStore store, boolean keepsData) {}
