package io.sluice.backstore;

import java.nio.channels.FileChannel;
import java.util.Objects;

/**
 * Blocks that stand in one piece in a file and are in memory already, lent by a store so that a transport has the kernel
 * send them without a copy. The borrower reads them and nothing else, and closes the range when the kernel has taken all of
 * it; until then the store keeps the file open.
 *
 * @param channel the file, which the borrower neither positions nor closes: as {@link FileChannel#open} returned it, and not
 *     a wrapper, because the kernel is given its descriptor
 * @param offsetBytes where in the file the blocks begin
 * @param lengthBytes how long they are, a positive multiple of the block size
 * @param onClose what the store does when it gets the range back; on any thread, and soon done
 */
public record FileRange(FileChannel channel, long offsetBytes, int lengthBytes, Runnable onClose)
        implements AutoCloseable {

    public FileRange {
        Objects.requireNonNull(channel);
        Objects.requireNonNull(onClose);
    }

    /** Gives the range back; to be called once. */
    @Override
    public void close() {
        onClose.run();
    }
}
