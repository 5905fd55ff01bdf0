package io.sluice.backstore.ability;

import io.sluice.backstore.FileRange;
import org.osgi.annotation.versioning.ConsumerType;

/** Blocks stand in a file and can be sent from there by the kernel. */
@ConsumerType
public interface LentRead {

    /**
     * Lends whole blocks in place of a read, if they can be sent from a file at once, without waiting for the disk. Never
     * waits itself. Blocks that are written before the range is given back may be sent as they were or as they are.
     *
     * @param lba first block
     * @param lengthBytes a positive multiple of the block size
     * @return the range, which the caller gives back, or null: then the blocks are to be read
     */
    FileRange lend(long lba, int lengthBytes);
}
