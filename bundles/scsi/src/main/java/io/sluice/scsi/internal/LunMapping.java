package io.sluice.scsi.internal;

/**
 * How a unit appears to a nexus.
 *
 * @param lun its number
 * @param unit the unit
 * @param readOnly whether writes through this mapping are refused
 * @param target the target that it is mapped into
 */
public record LunMapping(int lun, DeviceServer unit, boolean readOnly, TargetDevice target) {}
