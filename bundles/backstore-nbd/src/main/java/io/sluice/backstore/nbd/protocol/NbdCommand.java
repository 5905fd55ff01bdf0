package io.sluice.backstore.nbd.protocol;

/** What a client asks for in the transmission phase ("Request types" of the NBD protocol). */
public enum NbdCommand {
    READ(0),
    WRITE(1),
    DISC(2),
    FLUSH(3),
    WRITE_ZEROES(6),
    BLOCK_STATUS(7);

    /** What a request begins with. */
    public static final int REQUEST_MAGIC = 0x25609513;

    /** Bytes of a request before its data: magic, flags, type, cookie, offset and length. */
    public static final int REQUEST_BYTES = 28;

    /** Flag: the data is on stable storage before the reply. */
    public static final int FUA = 1;

    /** Flag of WRITE_ZEROES: the blocks keep their space. */
    public static final int NO_HOLE = 1 << 1;

    private final int code;

    NbdCommand(int code) {
        this.code = code;
    }

    /** Returns the number on the wire. */
    public int code() {
        return code;
    }

    /** Returns whether blocks are other ones afterwards. */
    public boolean changes() {
        return this == WRITE || this == WRITE_ZEROES;
    }
}
