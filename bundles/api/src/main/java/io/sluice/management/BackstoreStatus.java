package io.sluice.management;

import io.sluice.config.BackstoreConfig;
import java.util.List;
import java.util.OptionalLong;

/**
 * A backstore as it is now.
 *
 * @param config its configuration
 * @param online whether its storage is open
 * @param problem why it is not online, one line; empty when it is
 * @param allocatedBytes bytes of real space in use, where the storage knows
 * @param mappings where it is mapped, as {@code TARGET lun N}
 */
public record BackstoreStatus(
        BackstoreConfig config, boolean online, String problem, OptionalLong allocatedBytes, List<String> mappings) {}
