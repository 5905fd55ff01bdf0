package io.sluice.scsi;

/** Sense keys (SPC-5 4.4.6); the ordinal of NO_SENSE to MISCOMPARE is not the code, see {@link #code}. */
public enum SenseKey {
    NO_SENSE(0x0),
    NOT_READY(0x2),
    MEDIUM_ERROR(0x3),
    HARDWARE_ERROR(0x4),
    ILLEGAL_REQUEST(0x5),
    UNIT_ATTENTION(0x6),
    DATA_PROTECT(0x7),
    COPY_ABORTED(0xA),
    ABORTED_COMMAND(0xB),
    MISCOMPARE(0xE);

    private final int code;

    SenseKey(int code) {
        this.code = code;
    }

    /** Returns the four bits that go over the wire. */
    public int code() {
        return code;
    }
}
