package io.sluice.iscsi.portal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.FileRegion;
import io.netty.channel.MessageSizeEstimator;

/**
 * Counts what waits to be sent, so that an initiator that does not read stops its own reads. A piece of a file takes no
 * memory for its bytes, but what stands for it does: it counts for a part of its length.
 */
final class PendingSize implements MessageSizeEstimator, MessageSizeEstimator.Handle {

    private static final int FILE_PART = 16;

    @Override
    public Handle newHandle() {
        return this;
    }

    @Override
    public int size(Object message) {
        if (message instanceof ByteBuf bytes) {
            return bytes.readableBytes();
        }
        return (int) Math.min(Integer.MAX_VALUE, ((FileRegion) message).count() / FILE_PART);
    }
}
