package io.sluice.iscsi.transfer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.backstore.SuppliedData;
import java.util.Arrays;

/** Data-In in buffers of the store, which gets them back when the last piece of them is out or the connection gone. */
final class SuppliedBuffer extends CompositeByteBuf {

    private final SuppliedData data;

    /** @param data taken over */
    SuppliedBuffer(SuppliedData data) {
        super(
                UnpooledByteBufAllocator.DEFAULT,
                true,
                Integer.MAX_VALUE,
                Arrays.stream(data.buffers()).map(Unpooled::wrappedBuffer).toArray(ByteBuf[]::new));
        this.data = data;
    }

    @Override
    protected void deallocate() {
        super.deallocate();
        data.close();
    }
}
