package io.sluice.backstore.nbd.protocol;

/** Parts of a structured reply ("Structured reply types" of the NBD protocol), and the other kind of reply. */
public enum ReplyChunk {
    NONE(0, 0, 0),
    OFFSET_DATA(1, 8, Integer.MAX_VALUE),
    OFFSET_HOLE(2, 12, 0),
    BLOCK_STATUS(5, 4, Integer.MAX_VALUE),
    ERROR(0x8001, 6, ReplyChunk.MOST_TEXT),
    ERROR_OFFSET(0x8002, 6, ReplyChunk.MOST_TEXT + 8);

    /** What a reply begins with that has an error, or all data. */
    public static final int SIMPLE_MAGIC = 0x67446698;

    /** Bytes of such a reply before the data: magic, error and cookie. */
    public static final int SIMPLE_BYTES = 16;

    /** What a part of a structured reply begins with. */
    public static final int STRUCTURED_MAGIC = 0x668e33ef;

    /** Bytes of such a part before what it carries: magic, flags, type, cookie and length. */
    public static final int STRUCTURED_BYTES = 20;

    /** Flag: no more parts come. */
    public static final int DONE = 1;

    private static final int MOST_TEXT = 4096;

    private static final int ERROR_BIT = 0x8000;

    private final int code;
    private final int headBytes;
    private final int mostMore;

    ReplyChunk(int code, int headBytes, int mostMore) {
        this.code = code;
        this.headBytes = headBytes;
        this.mostMore = mostMore;
    }

    /** Returns the kind of a number on the wire; an error that nobody knows is an error. */
    public static ReplyChunk of(int code) throws NbdProtocolException {
        for (ReplyChunk chunk : values()) {
            if (chunk.code == code) {
                return chunk;
            }
        }
        if ((code & ERROR_BIT) != 0) {
            return ERROR;
        }
        throw new NbdProtocolException("a part of a reply of the kind " + code);
    }

    /** Returns how many bytes of it come first and have a fixed meaning. */
    public int headBytes() {
        return headBytes;
    }

    /** Returns how many bytes follow those, of a part that declares a length. */
    public int moreBytes(int lengthBytes) throws NbdProtocolException {
        if (lengthBytes < headBytes || lengthBytes - headBytes > mostMore) {
            throw new NbdProtocolException(
                    "a part " + this + " of a reply with " + Integer.toUnsignedString(lengthBytes) + " bytes");
        }
        return lengthBytes - headBytes;
    }
}
