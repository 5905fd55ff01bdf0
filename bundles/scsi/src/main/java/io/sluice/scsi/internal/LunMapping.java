package io.sluice.scsi.internal;

/**
 * How a unit appears to a nexus.
 *
 * @param lun its number
 * @param unit the unit
 * @param readOnly whether writes through this mapping are refused
 * @param inventory all numbers of the target
 */
public record LunMapping(int lun, DeviceServer unit, boolean readOnly, LunInventory inventory) {}
