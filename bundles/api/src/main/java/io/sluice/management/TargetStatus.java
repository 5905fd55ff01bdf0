package io.sluice.management;

import io.sluice.config.TargetConfig;

/**
 * A target as it is now.
 *
 * @param config its configuration
 * @param sessions number of sessions that initiators have with it
 */
public record TargetStatus(TargetConfig config, int sessions) {}
