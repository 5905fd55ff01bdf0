package io.sluice.iscsi.session;

/** Comparison of 32-bit serial numbers that wrap around (RFC 1982, RFC 7143 4.2.2.1). */
public final class SerialNumber {

    private SerialNumber() {}

    /** Returns whether {@code a} comes before {@code b}. */
    public static boolean less(int a, int b) {
        return a - b < 0;
    }

    /** Returns the one that comes later. */
    public static int later(int a, int b) {
        return less(a, b) ? b : a;
    }
}
