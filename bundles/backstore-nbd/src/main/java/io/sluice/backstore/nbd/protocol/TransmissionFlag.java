package io.sluice.backstore.nbd.protocol;

/** What a server says of an export ("Transmission flags" of the NBD protocol). */
public enum TransmissionFlag {
    READ_ONLY(1),
    SEND_FLUSH(2),
    SEND_FUA(3),
    SEND_WRITE_ZEROES(6),
    CAN_MULTI_CONN(8);

    private final int bit;

    TransmissionFlag(int bit) {
        this.bit = bit;
    }

    /** Returns the flag as it is in the 16 bits on the wire. */
    public int mask() {
        return 1 << bit;
    }
}
