package io.sluice.backstore.nbd;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BackstoreLimits;
import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.Placement;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import io.sluice.backstore.nbd.client.Link;
import io.sluice.backstore.nbd.client.NbdRequest;
import io.sluice.backstore.nbd.protocol.ExportInfo;
import io.sluice.backstore.nbd.protocol.NbdCommand;
import io.sluice.backstore.nbd.protocol.TransmissionFlag;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Blocks of an export of an NBD server. It has the abilities that the server has: blocks are given back by WRITE_ZEROES, which
 * reads as zeros afterwards, and not by TRIM, of which nobody knows that. What becomes of operations when the server goes is
 * told at {@link Link}. Thread-safe.
 */
final class NbdBackstore implements Backstore, Unmap, WriteZeroes, ExtentMap, Placement {

    /** As much as one request gives back. */
    private static final int UNMAP_BYTES = 1 << 30;

    /** As much as one request makes zeros that may have to be written. */
    private static final int ZERO_BYTES = 32 << 20;

    private final Link link;
    private final BlockGeometry geometry;
    private final Runnable whenClosed;
    private final boolean fua;
    private final boolean flushes;
    private final boolean readOnly;
    private final boolean zeroes;
    private final boolean maps;
    private final int mostBytes;

    /** @param whenClosed what is done when the server is left */
    NbdBackstore(Link link, BlockGeometry geometry, Runnable whenClosed) {
        ExportInfo info = link.info();
        this.link = link;
        this.geometry = geometry;
        this.whenClosed = whenClosed;
        this.fua = info.has(TransmissionFlag.SEND_FUA);
        this.flushes = info.has(TransmissionFlag.SEND_FLUSH);
        this.readOnly = info.has(TransmissionFlag.READ_ONLY);
        this.zeroes = info.has(TransmissionFlag.SEND_WRITE_ZEROES) && !readOnly;
        this.maps = info.allocation() != null;
        this.mostBytes = info.maximumBytes() - info.maximumBytes() % geometry.blockSize();
    }

    @Override
    public BlockGeometry geometry() {
        return geometry;
    }

    @Override
    public BackstoreLimits limits() {
        int preferred = link.info().preferredBytes();
        return preferred < geometry.blockSize()
                ? BackstoreLimits.NONE
                : BackstoreLimits.NONE.withUnmapGranularityBytes(preferred, 0);
    }

    @Override
    public BackstoreHealth health() {
        return link.health();
    }

    @Override
    public <A> A ability(Class<A> kind) {
        boolean can = kind == Unmap.class || kind == WriteZeroes.class ? zeroes : kind != ExtentMap.class || maps;
        return can && kind.isInstance(this) ? kind.cast(this) : null;
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        long offset = geometry.offsetBytes(lba);
        int length = destination.remaining();
        if (length <= mostBytes) {
            return link.ask(NbdRequest.read(offset, destination));
        }
        List<CompletionStage<Void>> pieces = new ArrayList<>();
        for (int done = 0; done < length; done += Math.min(mostBytes, length - done)) {
            ByteBuffer piece = destination.slice(destination.position() + done, Math.min(mostBytes, length - done));
            pieces.add(link.ask(NbdRequest.read(offset + done, piece)));
        }
        return all(pieces);
    }

    private static CompletionStage<Void> all(List<CompletionStage<Void>> pieces) {
        return CompletableFuture.allOf(
                pieces.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        if (readOnly) {
            return isReadOnly();
        }
        long offset = geometry.offsetBytes(lba);
        int length = Pieces.length(source);
        boolean stable = durability == Durability.STABLE;
        CompletionStage<Void> written;
        if (length <= mostBytes) {
            written = link.ask(NbdRequest.write(offset, length, source, stable && fua));
        } else {
            List<CompletionStage<Void>> pieces = new ArrayList<>();
            for (int done = 0; done < length; done += Math.min(mostBytes, length - done)) {
                int bytes = Math.min(mostBytes, length - done);
                pieces.add(link.ask(
                        NbdRequest.write(offset + done, bytes, Pieces.cut(source, done, bytes), stable && fua)));
            }
            written = all(pieces);
        }
        return afterwards(written, stable);
    }

    private CompletionStage<Void> afterwards(CompletionStage<Void> changed, boolean stable) {
        return stable && !fua ? changed.thenCompose(done -> flush()) : changed;
    }

    private static CompletionStage<Void> isReadOnly() {
        return CompletableFuture.failedFuture(
                new BackstoreException(Fault.WRITE_PROTECTED, "the NBD server takes no writes to this export"));
    }

    @Override
    public CompletionStage<Void> flush() {
        return link.ask(NbdRequest.flush());
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long blocks) {
        return zero(geometry.offsetBytes(lba), geometry.offsetBytes(lba + blocks), 0, UNMAP_BYTES);
    }

    @Override
    public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        boolean stable = durability == Durability.STABLE;
        int flags = NbdCommand.NO_HOLE | (stable && fua ? NbdCommand.FUA : 0);
        return afterwards(
                zero(geometry.offsetBytes(lba), geometry.offsetBytes(lba + blocks), flags, ZERO_BYTES), stable);
    }

    private CompletionStage<Void> zero(long begin, long end, int flags, int most) {
        int length = (int) Math.min(most, end - begin);
        CompletionStage<Void> zeroed = link.ask(NbdRequest.zeroes(begin, length, flags));
        return begin + length == end ? zeroed : zeroed.thenCompose(done -> zero(begin + length, end, flags, most));
    }

    @Override
    public CompletionStage<List<BlockExtent>> extents(long lba, long maxBlocks, int maxExtents) {
        return new Allocation(link, geometry, lba, maxBlocks, maxExtents).walk();
    }

    @Override
    public String medium() {
        return "an export of an NBD server";
    }

    @Override
    public String caution() {
        return flushes ? "" : "the NBD server offers no flush: nobody knows what of this disk outlives a loss of power";
    }

    @Override
    public CompletionStage<Void> close() {
        return link.close().whenComplete((closed, failure) -> whenClosed.run());
    }
}
