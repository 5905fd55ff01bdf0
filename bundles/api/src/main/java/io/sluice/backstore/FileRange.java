package io.sluice.backstore;

import java.nio.channels.FileChannel;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Blocks that stand in one piece in a file and are in memory already, lent by a store so that a transport has the kernel
 * send them without a copy. The borrower reads them and nothing else, and gives the range back when the kernel has taken
 * all of it; until then the store keeps the file open.
 */
@ConsumerType
public interface FileRange extends AutoCloseable {

    /**
     * Returns the file, which the borrower neither positions nor closes: as {@link FileChannel#open} returned it, and not
     * a wrapper, because the kernel is given its descriptor.
     */
    FileChannel channel();

    /** Returns where in the file the blocks begin, in bytes. */
    long offsetBytes();

    /** Returns how long they are, in bytes. */
    int lengthBytes();

    /** Gives the range back; once, on any thread. */
    @Override
    void close();
}
