package io.sluice.iscsi.pdu;

/**
 * What a command did not transfer, or would have beyond the initiator's buffer (RFC 7143 11.4.5).
 *
 * @param flags O or U bit, or 0
 * @param count bytes, as an unsigned number
 */
public record Residual(int flags, int count) {

    /** All that was expected was transferred. */
    public static final Residual NONE = new Residual(0, 0);

    private static final int OVERFLOW = 0x04;
    private static final int UNDERFLOW = 0x02;

    /**
     * Compares what the initiator expected with what the command transfers.
     *
     * @param expected Expected Data Transfer Length
     * @param transfer bytes that the command transfers
     */
    public static Residual of(long expected, long transfer) {
        if (transfer > expected) {
            return new Residual(OVERFLOW, (int) Math.min(transfer - expected, 0xFFFF_FFFFL));
        }
        return transfer == expected ? NONE : new Residual(UNDERFLOW, (int) (expected - transfer));
    }
}
