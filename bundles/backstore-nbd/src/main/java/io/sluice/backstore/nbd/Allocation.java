package io.sluice.backstore.nbd;

import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.nbd.client.Link;
import io.sluice.backstore.nbd.client.NbdRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks a server, as often as it takes, which blocks have space. One walk; its steps come one after the other. */
final class Allocation {

    private static final int HOLE_THAT_READS_ZEROS = 3;

    /** As much as one request asks for. */
    private static final int STEP_BYTES = 1 << 30;

    /** A server that tells so little each time is not asked for more. */
    private static final int MOST_STEPS = 1000;

    private final Link link;
    private final BlockGeometry geometry;
    private final long begin;
    private final long end;
    private final int wanted;

    /** Where each run of bytes ends; kinds alternate. */
    private final List<Long> ends = new ArrayList<>();

    private boolean firstAllocated;
    private long at;
    private int steps;

    Allocation(Link link, BlockGeometry geometry, long lba, long blocks, int wanted) {
        this.link = link;
        this.geometry = geometry;
        this.begin = geometry.offsetBytes(lba);
        this.end = geometry.offsetBytes(lba + Math.min(blocks, geometry.blocks() - lba));
        this.wanted = wanted;
        this.at = begin;
    }

    CompletionStage<List<BlockExtent>> walk() {
        NbdRequest request = NbdRequest.blockStatus(at, (int) Math.min(end - at, STEP_BYTES));
        return link.ask(request).thenCompose(answered -> {
            for (long extent : request.extents()) {
                add(extent >>> Integer.SIZE, ((int) extent & HOLE_THAT_READS_ZEROS) != HOLE_THAT_READS_ZEROS);
            }
            // One run more than is wanted: the last of those has its end then.
            boolean enough = at >= end || ends.size() > wanted || ++steps == MOST_STEPS;
            return enough ? CompletableFuture.completedFuture(inBlocks()) : walk();
        });
    }

    private void add(long bytes, boolean allocated) {
        if (at >= end) {
            return;
        }
        at = Math.min(end, at + bytes);
        boolean lastAllocated = firstAllocated == (ends.size() % 2 == 1);
        if (ends.isEmpty()) {
            firstAllocated = allocated;
            ends.add(at);
        } else if (allocated == lastAllocated) {
            ends.set(ends.size() - 1, at);
        } else {
            ends.add(at);
        }
    }

    /** A block of which some bytes have space has space. */
    private List<BlockExtent> inBlocks() {
        List<BlockExtent> extents = new ArrayList<>();
        int size = geometry.blockSize();
        long told = begin / size;
        long from = begin;
        boolean allocated = firstAllocated;
        for (long to : ends) {
            if (!allocated) {
                long first = (from + size - 1) / size;
                long behind = to / size;
                if (first < behind) {
                    addExtent(extents, first - told, true);
                    addExtent(extents, behind - first, false);
                    told = behind;
                }
            }
            from = to;
            allocated = !allocated;
        }
        addExtent(extents, Math.max((from + size - 1) / size, begin / size + 1) - told, true);
        return List.copyOf(extents.subList(0, Math.min(wanted, extents.size())));
    }

    private static void addExtent(List<BlockExtent> extents, long blocks, boolean allocated) {
        if (blocks > 0) {
            extents.add(new BlockExtent(blocks, allocated));
        }
    }
}
