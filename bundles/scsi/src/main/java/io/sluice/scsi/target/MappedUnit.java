package io.sluice.scsi.target;

import io.sluice.scsi.internal.server.DeviceServer;

/**
 * What is mapped to a LUN of a target.
 *
 * @param server the unit
 * @param readOnly whether writes through any nexus are refused
 */
record MappedUnit(DeviceServer server, boolean readOnly) {}
