package io.sluice.backstore.ability;

import io.sluice.backstore.BlockExtent;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** The store knows which of its blocks take space. */
@ConsumerType
public interface ExtentMap {

    /**
     * Finds out the runs of blocks of one kind, with space or without, from an LBA on. A block that was written has space;
     * one without reads as zeros.
     *
     * @param lba first block, inside the store
     * @param maxBlocks where to stop looking, at least 1
     * @param maxExtents how many runs are wanted at most, at least 1
     * @return runs that follow each other, of different kinds, at least one; the last may go on behind what it says
     */
    CompletionStage<List<BlockExtent>> extents(long lba, long maxBlocks, int maxExtents);
}
