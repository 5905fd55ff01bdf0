package io.sluice.backstore;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Blocks that a store has in buffers of its own and lends, so that a transport sends them without a copy. The borrower reads
 * them and nothing else, and closes them when they are sent; until then the store leaves them as they are.
 *
 * @param buffers whose remaining bytes, one after the other, are the blocks
 * @param lengthBytes how long they are together
 * @param onClose what the store does when it gets them back; on any thread, and soon done
 */
public record SuppliedData(ByteBuffer[] buffers, int lengthBytes, Runnable onClose) implements AutoCloseable {

    public SuppliedData {
        Objects.requireNonNull(buffers);
        Objects.requireNonNull(onClose);
    }

    /** Gives the buffers back; to be called once. */
    @Override
    public void close() {
        onClose.run();
    }
}
