package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.util.List;

/**
 * What is kept beyond the read that it has come with. A slice keeps the whole receive buffer, which may be a hundred thousand
 * times as long and counts for no memory of anybody: so a little of one is copied, and the rest can be used again.
 */
public final class RightSized {

    private RightSized() {}

    /**
     * Returns data that may be kept.
     *
     * @param data what has been received; taken over
     * @param allocator where a copy comes from
     * @return the same, or a copy if it is less than half of the buffers that it keeps
     */
    public static ByteBuf of(ByteBuf data, ByteBufAllocator allocator) {
        int length = data.readableBytes();
        if (length == 0 || isSoAlready(List.of(data))) {
            return data;
        }
        ByteBuf copy = allocator.directBuffer(length, length).writeBytes(data);
        data.release();
        return copy;
    }

    /** Returns whether pieces of data, in the order in which they have come, are at least half of the buffers that they keep. */
    public static boolean isSoAlready(List<ByteBuf> pieces) {
        long length = 0;
        long kept = 0;
        ByteBuf last = null;
        for (ByteBuf piece : pieces) {
            length += piece.readableBytes();
            int parts = piece instanceof CompositeByteBuf composite ? composite.numComponents() : 1;
            for (int i = 0; i < parts; i++) {
                ByteBuf buffer = buffer(piece instanceof CompositeByteBuf composite ? composite.component(i) : piece);
                kept += buffer == last ? 0 : buffer.capacity();
                last = buffer;
            }
        }
        return 2 * length >= kept;
    }

    /** Returns the buffer under a slice. */
    private static ByteBuf buffer(ByteBuf slice) {
        ByteBuf buffer = slice;
        for (ByteBuf under = buffer.unwrap(); under != null; under = buffer.unwrap()) {
            buffer = under;
        }
        return buffer;
    }
}
