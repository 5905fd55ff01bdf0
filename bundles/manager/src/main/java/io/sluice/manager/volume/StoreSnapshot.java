package io.sluice.manager.volume;

import java.time.Instant;

/**
 * How it is now with the store of a disk.
 *
 * @param phase what is being done
 * @param problem why there is no store, or an empty text
 * @param sinceNanos when that began, by the clock of this process
 * @param since the same by the clock on the wall, for people
 * @param store the open store, or null
 * @param keepsData whether it has its data when it is opened again, as far as is known
 */
record StoreSnapshot(
        Phase phase, String problem, long sinceNanos, Instant since, ContainedStore store, boolean keepsData) {}
