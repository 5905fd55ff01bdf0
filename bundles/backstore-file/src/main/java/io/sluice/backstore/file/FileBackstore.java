package io.sluice.backstore.file;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BackstoreLimits;
import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.FileRange;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.FreeSpace;
import io.sluice.backstore.ability.LentRead;
import io.sluice.backstore.ability.Placement;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks in a regular file or on a block device. A write that has not been flushed is in the page cache; a flush that fails
 * closes the store for writes until it is opened anew, because the kernel forgets what it could not write.
 *
 * <p>In the thread of the caller it does only what the kernel has promised not to wait for ({@link Reads}). All else is done by
 * threads of the context, which nobody interrupts: an interrupt would close the channel under everybody.
 */
final class FileBackstore
        implements Backstore, LentRead, Unmap, WriteZeroes, Resize, AllocatedSpace, FreeSpace, ExtentMap, Placement {

    private static final Logger LOG = LoggerFactory.getLogger(FileBackstore.class);

    private final OpenFile file;
    private final BackstoreContext context;
    private final Room room;
    private final FileIo io;
    private final RangeClearing clearing;
    private final Stability stability;
    private final GroupCommit commits;
    private final WriteQueue writes;
    private final WriteBehind behind;
    private final Reads reads;
    private final BackstoreLimits limits;
    private final Set<Class<?>> abilities;

    private volatile BlockGeometry geometry;

    /** Whether a flush has failed, and why; healthy as long as none has. */
    private volatile BackstoreHealth latch = BackstoreHealth.HEALTHY;

    /**
     * Made on a thread that may wait.
     *
     * @param file where the blocks are; closed with the store
     * @param sequences what is done for initiators that go on in order
     */
    FileBackstore(OpenFile file, BlockGeometry geometry, BackstoreContext context, SequenceSettings sequences) {
        this.file = file;
        this.context = context;
        this.geometry = geometry;
        this.room = new Room(file, this::roomHasChanged);
        this.io = new FileIo(file, room);
        this.clearing = new RangeClearing(file, io);
        this.stability = new Stability(file, () -> this.geometry.sizeBytes());
        this.commits = new GroupCommit(
                stability,
                this::performWrite,
                context.executor(),
                failed -> io.failure(Fault.WRITE_FAILED, "flushed", failed),
                this::flushHasFailed);
        this.reads = new Reads(file, io, context, geometry.sizeBytes(), sequences.readAheadBytes());
        this.behind = behind(sequences.writeBehindBytes());
        this.writes = new WriteQueue(this::performCached, this::waitsForTheDisk, context.executor());
        this.limits =
                BackstoreLimits.NONE.withUnmapGranularityBytes(file.traits().unitBytes(), 0);
        this.abilities = abilities();
        if (context.isDoubtful()) {
            stability.forgetWhatWasNotWritten();
        }
    }

    /** Past the page cache there is nothing to begin, and what keeps a file elsewhere knows best when to write. */
    private WriteBehind behind(int bytes) {
        NativeFile calls = file.nativeFile();
        Medium medium = file.traits().medium();
        return calls == null || file.direct() != null || medium.remote() || medium.inMemory()
                ? new WriteBehind(0, (offset, length) -> {}, context.executor())
                : new WriteBehind(bytes, calls::beginToWrite, context.executor());
    }

    private boolean waitsForTheDisk(long offset, long lengthBytes) {
        return file.direct() != null || reads.areNeededToWrite(offset, lengthBytes);
    }

    private Set<Class<?>> abilities() {
        FileTraits traits = file.traits();
        Set<Class<?>> able = new HashSet<>(Set.of(WriteZeroes.class, Placement.class));
        if (traits.punches()) {
            able.add(Unmap.class);
        }
        if (traits.writable()) {
            able.add(Resize.class);
        }
        if (traits.regular()) {
            able.add(FreeSpace.class);
        }
        if (traits.regular() && file.nativeFile() != null) {
            able.add(AllocatedSpace.class);
        }
        if (traits.regular() && file.nativeFile() != null && traits.medium().tellsHoles()) {
            able.add(ExtentMap.class);
        }
        if (reads.lends()) {
            able.add(LentRead.class);
        }
        return Set.copyOf(able);
    }

    @Override
    public <A> A ability(Class<A> kind) {
        return abilities.contains(kind) ? kind.cast(this) : null;
    }

    @Override
    public BlockGeometry geometry() {
        return geometry;
    }

    @Override
    public BackstoreLimits limits() {
        return limits;
    }

    @Override
    public BackstoreHealth health() {
        if (latch != BackstoreHealth.HEALTHY || !room.isFull()) {
            return latch;
        }
        return new BackstoreHealth(
                BackstoreHealth.State.FULL,
                "no space is left on the file system of " + file.path()
                        + ": make room there, then writes work again by themselves");
    }

    @Override
    public String medium() {
        return file.traits().medium().name();
    }

    @Override
    public String caution() {
        return file.traits().medium().caution();
    }

    private void roomHasChanged() {
        if (room.isFull()) {
            LOG.error("file={} writes that need space fail: none is left on its file system", file.path());
        } else {
            LOG.info("file={} there is room again on its file system", file.path());
        }
        context.raise(BackstoreEvent.HEALTH_CHANGED);
    }

    /** Something that waits and has no result. */
    @FunctionalInterface
    private interface Waiting {
        void run() throws Exception;
    }

    private CompletionStage<Void> run(Waiting work) {
        return context.call(() -> {
            work.run();
            return null;
        });
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        return reads.read(geometry.offsetBytes(lba), destination);
    }

    @Override
    public FileRange lend(long lba, int lengthBytes) {
        return reads.lend(geometry.offsetBytes(lba), lengthBytes);
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        PendingWrite write = new PendingWrite(geometry.offsetBytes(lba), source);
        return durability == Durability.STABLE ? commits.commit(write) : writes.submit(write);
    }

    private void performCached(long offset, ByteBuffer[] source) throws BackstoreException {
        long length = 0;
        for (ByteBuffer part : source) {
            length += part.remaining();
        }
        performWrite(offset, source);
        behind.sees(offset, length);
    }

    private void performWrite(long offset, ByteBuffer[] source) throws BackstoreException {
        requireWritable();
        io.write(offset, source);
    }

    private void requireWritable() throws BackstoreException {
        if (!file.traits().writable()) {
            throw new BackstoreException(Fault.WRITE_PROTECTED, file.path() + " is open for reading only");
        }
        if (commits.failed()) {
            throw new BackstoreException(Fault.WRITE_FAILED, file.path() + " takes no writes since a flush failed");
        }
    }

    @Override
    public CompletionStage<Void> flush() {
        CompletableFuture<Void> stable = new CompletableFuture<>();
        commits.commit(stable);
        return stable;
    }

    private void flushHasFailed(IOException failure) {
        latch = new BackstoreHealth(
                BackstoreHealth.State.READ_ONLY,
                "a flush of " + file.path() + " failed (" + failure.getMessage() + "), and what was written since the"
                        + " last good one may be lost: check the disk and the data, then open it anew");
        LOG.error("file={} takes no writes until it is opened anew", file.path(), failure);
        context.raise(BackstoreEvent.HEALTH_CHANGED);
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long blocks) {
        return run(() -> {
            requireWritable();
            clearing.punch(geometry.offsetBytes(lba), blocks * geometry.blockSize());
        });
    }

    @Override
    public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        CompletableFuture<Void> zeroed = new CompletableFuture<>();
        run(() -> {
                    requireWritable();
                    clearing.zero(geometry.offsetBytes(lba), blocks * geometry.blockSize());
                })
                .whenComplete((done, failed) -> {
                    if (failed == null && durability == Durability.STABLE) {
                        commits.commit(zeroed);
                    } else {
                        end(zeroed, failed);
                    }
                });
        return zeroed;
    }

    private static void end(CompletableFuture<Void> result, Throwable failure) {
        if (failure == null) {
            result.complete(null);
        } else {
            result.completeExceptionally(failure);
        }
    }

    private void commitNow(String what) throws BackstoreException {
        try {
            commits.commitNow();
        } catch (IOException failed) {
            throw io.failure(Fault.WRITE_FAILED, what, failed);
        }
    }

    @Override
    public CompletionStage<Void> resize(long blocks) {
        return run(() -> resizeNow(blocks));
    }

    private synchronized void resizeNow(long blocks) throws BackstoreException {
        requireWritable();
        if (blocks < geometry.blocks()) {
            throw new BackstoreException(
                    Fault.WRITE_FAILED, file.path() + " cannot be made smaller: its data would be lost");
        }
        BlockGeometry changed = new BlockGeometry(blocks, geometry.blockSize(), geometry.physicalBlockSize());
        if (file.traits().regular()) {
            clearWhatFollows(changed.sizeBytes());
            io.grow(changed.sizeBytes());
        } else {
            takeMoreOfDevice(changed.sizeBytes());
        }
        commitNow("flushed");
        geometry = changed;
        reads.resized(changed.sizeBytes());
    }

    /** A file may go on behind the last whole block, or behind the size that was asked for, perhaps as one large hole. */
    private void clearWhatFollows(long sizeBytes) throws BackstoreException {
        long present = geometry.sizeBytes();
        long length = Math.min(io.sizeBytes(), sizeBytes) - present;
        if (length > 0 && file.traits().punches()) {
            clearing.punch(present, length);
        } else if (length > 0) {
            clearing.zero(present, length);
        }
    }

    /** What a device has behind the present end may be data that somebody else has left there. */
    private void takeMoreOfDevice(long sizeBytes) throws BackstoreException {
        long there = io.sizeBytes();
        if (there < sizeBytes) {
            throw new BackstoreException(
                    Fault.OUT_OF_SPACE,
                    file.path() + " has " + there + " bytes, fewer than " + sizeBytes
                            + ": make the device larger first");
        }
        clearing.zero(geometry.sizeBytes(), sizeBytes - geometry.sizeBytes());
    }

    @Override
    public CompletionStage<Long> allocatedBytes() {
        return context.call(() -> {
            try {
                return file.nativeFile().allocatedBytes();
            } catch (IOException failed) {
                throw io.failure(Fault.READ_FAILED, "examined", failed);
            }
        });
    }

    @Override
    public CompletionStage<Long> freeBytes() {
        return context.call(room::look);
    }

    @Override
    public CompletionStage<List<BlockExtent>> extents(long lba, long maxBlocks, int maxExtents) {
        return context.call(() -> {
            try {
                return new Extents(file.nativeFile(), geometry).find(lba, maxBlocks, maxExtents);
            } catch (IOException failed) {
                throw io.failure(Fault.READ_FAILED, "examined", failed);
            }
        });
    }

    @Override
    public CompletionStage<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        writes.end();
        run(() -> commitNow("flushed and closed"))
                .whenComplete((done, unflushed) -> reads.end(() -> closeFile(closed, unflushed)));
        return closed;
    }

    private void closeFile(CompletableFuture<Void> closed, Throwable unflushed) {
        run(this::release).whenComplete((done, failed) -> end(closed, unflushed == null ? failed : unflushed));
    }

    private void release() throws BackstoreException {
        reads.close();
        behind.close();
        if (commits.failed()) {
            stability.forgetWhatWasNotWritten();
        }
        try (file;
                stability) {
            // In this order: others may open the file when the last descriptor is closed.
        } catch (IOException failed) {
            throw io.failure(Fault.WRITE_FAILED, "closed", failed);
        }
    }
}
