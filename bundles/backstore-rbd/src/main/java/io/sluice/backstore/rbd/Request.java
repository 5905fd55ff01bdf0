package io.sluice.backstore.rbd;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * An operation of an image until it has ended. It keeps what librbd reads from or writes to: nobody else may, when whoever
 * asked for it has given up.
 */
final class Request extends CompletableFuture<Void> {

    /** What is asked of librbd. */
    enum Kind {
        READ,
        WRITE,
        FLUSH,
        /** Makes blocks zeros and gives their space back. */
        CLEAR,
        /** Makes blocks zeros and keeps their space. */
        ZERO
    }

    final Kind kind;
    final long offset;
    final long length;
    private final ByteBuffer[] buffers;

    /** Where data goes that could not be read into its place, because that is on the heap; or null. */
    private final ByteBuffer destination;

    private final boolean stable;

    private Request(Kind kind, long offset, long length, ByteBuffer[] buffers, ByteBuffer destination, boolean stable) {
        this.kind = kind;
        this.offset = offset;
        this.length = length;
        this.buffers = buffers;
        this.destination = destination;
        this.stable = stable;
    }

    static Request read(long offset, ByteBuffer destination) {
        int length = destination.remaining();
        if (destination.isDirect()) {
            return new Request(Kind.READ, offset, length, new ByteBuffer[] {destination}, null, false);
        }
        ByteBuffer direct = ByteBuffer.allocateDirect(length);
        return new Request(Kind.READ, offset, length, new ByteBuffer[] {direct}, destination, false);
    }

    static Request write(long offset, ByteBuffer[] source, boolean stable) {
        long length = 0;
        boolean direct = true;
        for (ByteBuffer part : source) {
            length += part.remaining();
            direct &= part.isDirect();
        }
        ByteBuffer[] buffers = direct ? source : new ByteBuffer[] {copy(source, (int) length)};
        return new Request(Kind.WRITE, offset, length, buffers, null, stable);
    }

    private static ByteBuffer copy(ByteBuffer[] source, int length) {
        ByteBuffer whole = ByteBuffer.allocateDirect(length);
        for (ByteBuffer part : source) {
            whole.put(part.duplicate());
        }
        return whole.flip();
    }

    static Request zero(Kind kind, long offset, long length, boolean stable) {
        return new Request(kind, offset, length, null, null, stable);
    }

    static Request flush() {
        return new Request(Kind.FLUSH, 0, 0, null, null, false);
    }

    ByteBuffer[] buffers() {
        return buffers;
    }

    /** Returns whether it is over only when a flush behind it is. */
    boolean needsFlush() {
        return stable;
    }

    boolean isRead() {
        return kind == Kind.READ;
    }

    /** It has succeeded. */
    void succeed() {
        if (destination != null) {
            destination.put(buffers[0].clear());
        }
        complete(null);
    }
}
