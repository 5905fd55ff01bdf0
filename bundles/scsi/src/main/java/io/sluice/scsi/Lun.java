package io.sluice.scsi;

/** Logical unit numbers: their 64-bit wire form and the plain numbers that users see (SAM-5 4.7). */
public final class Lun {

    /** The largest number that a single-level LUN holds (flat space addressing). */
    public static final int MAX = 16_383;

    /** What {@link #decode} gives for the REPORT LUNS well-known logical unit (SAM-5 4.7.7.5.1, SPC-5 8.2). */
    public static final int REPORT_LUNS = -2;

    /** What {@link #decode} gives for a wire form that names no unit here. */
    public static final int UNKNOWN = -1;

    private static final int PERIPHERAL_LIMIT = 256;
    private static final long REPORT_LUNS_WIRE = 0xC101_0000_0000_0000L;

    private Lun() {}

    /** Returns the wire form: peripheral device addressing below 256, flat space addressing from there. */
    public static long encode(int lun) {
        if (lun < 0 || lun > MAX) {
            throw new IllegalArgumentException("LUN " + lun);
        }
        long firstLevel = lun < PERIPHERAL_LIMIT ? lun : 0x4000 | lun;
        return firstLevel << 48;
    }

    /** Returns the wire form of the REPORT LUNS well-known logical unit. */
    public static long encodeReportLuns() {
        return REPORT_LUNS_WIRE;
    }

    /**
     * Reads any wire form.
     *
     * @param wire the eight bytes of the LUN field, big-endian
     * @return a number from 0 to {@link #MAX}, {@link #REPORT_LUNS} or {@link #UNKNOWN}
     */
    public static int decode(long wire) {
        if (wire == REPORT_LUNS_WIRE) {
            return REPORT_LUNS;
        }
        if ((wire & 0x0000_FFFF_FFFF_FFFFL) != 0) {
            return UNKNOWN;
        }
        int firstLevel = (int) (wire >>> 48);
        return switch (firstLevel >>> 14) {
            case 0b00 -> firstLevel < PERIPHERAL_LIMIT ? firstLevel : UNKNOWN;
            case 0b01 -> firstLevel & 0x3FFF;
            default -> UNKNOWN;
        };
    }
}
