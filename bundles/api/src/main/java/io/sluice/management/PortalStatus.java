package io.sluice.management;

import io.sluice.config.PortalConfig;

/**
 * A portal as it is now.
 *
 * @param config its address
 * @param listening whether connections are accepted
 * @param problem why it does not listen and what becomes of that, one line; empty when it does
 */
public record PortalStatus(PortalConfig config, boolean listening, String problem) {}
