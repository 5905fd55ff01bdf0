package io.sluice.management;

import io.sluice.config.PortalConfig;

/**
 * A portal as it is now.
 *
 * @param config its address
 * @param listening whether connections are accepted
 * @param problem why it cannot be had, one line, while it is tried again; empty when it listens, and while it is being opened
 */
public record PortalStatus(PortalConfig config, boolean listening, String problem) {}
