package io.sluice.scsi.target;

import io.sluice.scsi.internal.server.DeviceServer;
import io.sluice.scsi.internal.unit.LunTraffic;

/**
 * What is mapped to a LUN of a target.
 *
 * @param server the unit
 * @param readOnly whether writes through any nexus are refused
 * @param traffic counts what comes through the LUN
 */
record MappedUnit(DeviceServer server, boolean readOnly, LunTraffic traffic) {}
