package io.sluice.backstore.nbd.client;

import java.time.Duration;

/**
 * How a link lives with a server that goes away.
 *
 * @param patience how long it tries to connect anew before the store is given up
 * @param serverKeeps whether what the server has acknowledged is there when it has ended without a flush and was started again
 */
public record LinkSettings(Duration patience, boolean serverKeeps) {}
