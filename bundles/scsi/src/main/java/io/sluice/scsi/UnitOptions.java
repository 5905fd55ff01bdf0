package io.sluice.scsi;

/**
 * How a logical unit presents itself.
 *
 * @param thin whether unused blocks are said to take no space (SBC-4 4.7)
 * @param readOnly whether every write is refused with WRITE PROTECTED
 * @param removable whether the medium can be ejected (RMB of standard INQUIRY data)
 */
public record UnitOptions(boolean thin, boolean readOnly, boolean removable) {}
