package io.sluice.backstore.file;

import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.BlockGeometry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds out which blocks of a file have space, by lseek(2); each step may wait for the disk. */
final class Extents {

    private final NativeFile file;
    private final BlockGeometry geometry;

    Extents(NativeFile file, BlockGeometry geometry) {
        this.file = file;
        this.geometry = geometry;
    }

    List<BlockExtent> find(long lba, long maxBlocks, int maxExtents) throws IOException {
        List<BlockExtent> found = new ArrayList<>();
        long end = lba + Math.min(maxBlocks, geometry.blocks() - lba);
        for (long at = lba; at < end; ) {
            BlockExtent next = at(at, end - at);
            BlockExtent last = found.isEmpty() ? null : found.get(found.size() - 1);
            if (last != null && last.allocated() == next.allocated()) {
                // Holes that are smaller than a block belong to the data around them.
                found.set(found.size() - 1, new BlockExtent(last.blocks() + next.blocks(), last.allocated()));
            } else if (found.size() < maxExtents) {
                found.add(next);
            } else {
                break;
            }
            at += next.blocks();
        }
        return found;
    }

    private BlockExtent at(long lba, long maxBlocks) throws IOException {
        int blockSize = geometry.blockSize();
        long offset = geometry.offsetBytes(lba);
        long data = file.nextData(offset);
        long holeBlocks = data < 0 ? maxBlocks : (data - offset) / blockSize;
        if (holeBlocks > 0) {
            return new BlockExtent(Math.min(holeBlocks, maxBlocks), false);
        }
        // A block that holds any data is allocated, also where the file system's blocks are smaller.
        long hole = Math.max(file.nextHole(data), offset + 1);
        long dataBlocks = (hole - offset + blockSize - 1) / blockSize;
        return new BlockExtent(Math.min(dataBlocks, maxBlocks), true);
    }
}
