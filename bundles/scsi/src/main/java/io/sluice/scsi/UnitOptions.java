package io.sluice.scsi;

/**
 * How a logical unit presents itself.
 *
 * @param thin whether unused blocks are said to take no space (SBC-4 4.7)
 * @param readOnly whether every write is refused with WRITE PROTECTED
 * @param removable whether the medium can be ejected (RMB of standard INQUIRY data)
 * @param unmap whether a thin unit offers the UNMAP command (LBPU); WRITE SAME gives blocks back in any case
 * @param thresholdPercent how much of a thin unit may take space before initiators are told (SBC-4 4.7.3.7); 0 for never
 * @param erasureBytesPerSecond how fast FORMAT UNIT and SANITIZE may overwrite; 0 for as fast as the storage takes it
 * @param writeThrough whether there is no write cache, and initiators cannot switch one on (WCE)
 * @param layered whether something may lie on the storage that changes what is in its blocks, as encryption does: what that would
 *     forbid is not offered until a store has been open, which says what it can do
 */
public record UnitOptions(
        boolean thin,
        boolean readOnly,
        boolean removable,
        boolean unmap,
        int thresholdPercent,
        long erasureBytesPerSecond,
        boolean writeThrough,
        boolean layered) {

    public UnitOptions {
        if (thresholdPercent < 0 || thresholdPercent > 100) {
            throw new IllegalArgumentException("a threshold is from 0 to 100 percent, not " + thresholdPercent);
        }
        if (erasureBytesPerSecond < 0) {
            throw new IllegalArgumentException("a rate is not negative");
        }
    }

    /** Options of a unit whose storage has nothing on it. */
    public UnitOptions(
            boolean thin,
            boolean readOnly,
            boolean removable,
            boolean unmap,
            int thresholdPercent,
            long erasureBytesPerSecond,
            boolean writeThrough) {
        this(thin, readOnly, removable, unmap, thresholdPercent, erasureBytesPerSecond, writeThrough, false);
    }

    /** Options with a write cache that initiators may switch off. */
    public UnitOptions(
            boolean thin,
            boolean readOnly,
            boolean removable,
            boolean unmap,
            int thresholdPercent,
            long erasureBytesPerSecond) {
        this(thin, readOnly, removable, unmap, thresholdPercent, erasureBytesPerSecond, false);
    }

    /** Options with the rest as usual: a thin unit offers UNMAP, there is no threshold, and erasing has no limit. */
    public UnitOptions(boolean thin, boolean readOnly, boolean removable) {
        this(thin, readOnly, removable, thin, 0, 0);
    }
}
