package io.sluice.backstore.nbd.protocol;

import java.nio.ByteBuffer;

/**
 * What a server answers to an option ("Option reply types" of the NBD protocol).
 *
 * @param type number of the kind; negative for an error
 * @param data what comes with it
 */
public record OptionReply(int type, ByteBuffer data) {

    /** What a reply to an option begins with. */
    public static final long MAGIC = 0x0003e889045565a9L;

    /** Bytes before the data: magic, option, type and length. */
    public static final int HEADER_BYTES = 20;

    /** More than any reply to these options needs: a server may tell 4,096 bytes of text with it. */
    public static final int MOST_DATA = 16 << 10;

    public static final int ACK = 1;
    public static final int INFO = 3;
    public static final int META_CONTEXT = 4;

    private static final int ERROR = 1 << 31;

    /** Returns whether the option was refused. */
    public boolean isError() {
        return type < 0;
    }

    /** Returns why an option was refused, in words for the operator. */
    public String reason() {
        return switch (type ^ ERROR) {
            case 1 -> "it does not know this option";
            case 2 -> "its settings forbid it";
            case 3 -> "it takes the request for wrong";
            case 4 -> "it was built without it";
            case 5 -> "it wants TLS: use nbds: instead of nbd: in the uri";
            case 6 -> "it has no such export";
            case 7 -> "it is shutting down";
            case 8 -> "it wants block sizes to be asked for";
            case 9 -> "it takes the request for too long";
            default -> "error " + Integer.toUnsignedString(type);
        };
    }
}
