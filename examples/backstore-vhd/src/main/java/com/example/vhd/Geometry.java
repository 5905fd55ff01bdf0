package com.example.vhd;

/** Cylinders, heads and sectors of a disk, by the algorithm in the appendix of the specification. */
final class Geometry {

    private static final long MOST_SECTORS = 65_535L * 16 * 255;
    private static final long MOST_SECTORS_OF_63 = 65_535L * 16 * 63;
    private static final int MOST_HEADS = 16;
    private static final int FEWEST_HEADS = 4;
    private static final int MOST_CYLINDERS = 1024;

    private Geometry() {}

    /** Returns the field of the footer: 16 bits cylinders, 8 bits heads, 8 bits sectors per track. */
    static int of(long totalSectors) {
        long total = Math.min(totalSectors, MOST_SECTORS);
        if (total >= MOST_SECTORS_OF_63) {
            return field(total, MOST_HEADS, 255);
        }
        int sectors = 17;
        long tracks = total / sectors;
        int heads = (int) Math.max(FEWEST_HEADS, (tracks + MOST_CYLINDERS - 1) / MOST_CYLINDERS);
        if (tracks >= (long) heads * MOST_CYLINDERS || heads > MOST_HEADS) {
            sectors = 31;
            heads = MOST_HEADS;
            tracks = total / sectors;
        }
        if (tracks >= (long) heads * MOST_CYLINDERS) {
            sectors = 63;
        }
        return field(total, heads, sectors);
    }

    private static int field(long total, int heads, int sectors) {
        return (int) (total / sectors / heads) << 16 | heads << 8 | sectors;
    }
}
