package io.sluice.backstore.file;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.BlockingBackstore;
import io.sluice.backstore.Capability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.FileRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks in a regular file or on a block device. A write that has not been flushed is in the page cache; a flush that fails
 * closes the store for writes until it is opened anew, because the kernel forgets what it could not write.
 *
 * <p>Its threads are never interrupted: an interrupt would close the channel under everybody.
 */
final class FileBackstore extends BlockingBackstore {

    private static final Logger LOG = LoggerFactory.getLogger(FileBackstore.class);
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 20).asReadOnlyBuffer();

    /** Copying so much takes some tenths of a millisecond; what is longer does not hold up the caller. */
    private static final int MAXIMUM_INLINE_BYTES = 1 << 20;

    /**
     * The kernel makes pages of the page cache as large as the writes that bring them in, and goes through all of a page's
     * blocks for a later write of 4 KiB. Pieces of this length cost large writes little and small ones next to nothing.
     */
    private static final int MAXIMUM_PIECE_BYTES = 64 << 10;

    /** How long closing waits for what initiators have read and not taken yet. */
    private static final long RETURN_MILLIS = 5_000;

    private final Volume volume;
    private final NativeFile cached;
    private final InlinePace pace = new InlinePace(System.nanoTime());
    private final FileChannel channel;
    private final ExecutorService executor;
    private final GroupCommit commits;
    private final Set<Capability> capabilities;
    private final RangeCall punchHole;
    private final RangeCall zeroRange;
    private final LentRanges lent;
    /** Null where it cannot be told what is in the page cache. */
    private volatile PageResidency residency;

    private volatile BlockGeometry geometry;

    /**
     * @param volume where the blocks are; closed with the store
     * @param executor runs the blocking calls; shut down with the store
     */
    FileBackstore(Volume volume, BlockGeometry geometry, ExecutorService executor) {
        super(executor);
        this.volume = volume;
        this.lent = new LentRanges(volume, RETURN_MILLIS);
        this.channel = volume.channel();
        this.geometry = geometry;
        this.executor = executor;
        this.commits = new GroupCommit(() -> channel.force(false), this::flushHasFailed);
        this.capabilities = capabilities(volume);
        NativeFile file = volume.nativeFile();
        this.cached = volume.regular() ? file : null;
        this.residency = residency(geometry.sizeBytes());
        this.punchHole = new RangeCall("punch holes", file == null ? null : file::punchHole);
        this.zeroRange = new RangeCall("zero ranges", file == null ? null : file::zeroRange);
    }

    private PageResidency residency(long size) {
        try {
            return cached != null && Files.isWritable(volume.path()) ? cached.residency(size) : null;
        } catch (IOException | LinkageError refused) {
            LOG.info("file={} is not sent by the kernel: {}", volume.path(), refused.toString());
            return null;
        }
    }

    private static Set<Capability> capabilities(Volume volume) {
        Set<Capability> able = EnumSet.of(Capability.UNMAP, Capability.WRITE_ZEROES);
        if (volume.regular() && volume.writable()) {
            able.add(Capability.RESIZE);
        }
        if (volume.regular() && volume.nativeFile() != null) {
            able.add(Capability.ALLOCATION);
            able.add(Capability.ALLOCATION_MAP);
        }
        return Set.copyOf(able);
    }

    /** A call that the file system may not know; after it has refused once, it is not asked again. */
    private final class RangeCall {

        private final String what;
        private final RangeAction action;
        private final AtomicBoolean usable;

        RangeCall(String what, RangeAction action) {
            this.what = what;
            this.action = action;
            this.usable = new AtomicBoolean(action != null);
        }

        /** Returns whether the range is clear now. */
        boolean tryOn(long offset, long length) {
            if (!usable.get()) {
                return false;
            }
            try {
                action.apply(offset, length);
                return true;
            } catch (IOException refused) {
                if (usable.compareAndSet(true, false)) {
                    LOG.warn("file={} cannot {}, zeros are written: {}", volume.path(), what, refused.getMessage());
                }
                return false;
            }
        }
    }

    @FunctionalInterface
    private interface RangeAction {
        void apply(long offset, long length) throws IOException;
    }

    @Override
    public BlockGeometry geometry() {
        return geometry;
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    protected void readAt(long offsetBytes, ByteBuffer destination) throws BackstoreException {
        try {
            long offset = offsetBytes;
            while (destination.hasRemaining()) {
                int length = channel.read(destination, offset);
                if (length < 0) {
                    throw new IOException("the file ends at " + offset + ": it was cut short from outside");
                }
                offset += length;
            }
        } catch (IOException failed) {
            throw failure(Fault.READ_FAILED, "read", failed);
        }
    }

    @Override
    public FileRange lend(long lba, int lengthBytes) {
        long offset = geometry.offsetBytes(lba);
        PageResidency present = residency;
        return present != null && present.contains(offset, lengthBytes) ? lent.lend(offset, lengthBytes) : null;
    }

    @Override
    protected void writeAt(long offsetBytes, ByteBuffer source) throws BackstoreException {
        requireWritable();
        try {
            long offset = offsetBytes;
            int end = source.limit();
            while (source.position() < end) {
                source.limit(source.position() + piece(offset, end - source.position()));
                offset += channel.write(source, offset);
            }
        } catch (IOException failed) {
            throw writeFailure("written", failed);
        }
    }

    /** Gathers what came in several buffers: a boundary inside a page would have the kernel go to that page twice. */
    @Override
    protected void writeAll(long offsetBytes, ByteBuffer[] source) throws BackstoreException {
        NativeFile file = volume.nativeFile();
        if (source.length == 1 || file == null || !areDirect(source)) {
            super.writeAll(offsetBytes, source);
            return;
        }
        requireWritable();
        try {
            long offset = offsetBytes;
            long end = offsetBytes + remaining(source);
            while (offset < end) {
                offset += file.write(offset, source, piece(offset, end - offset));
            }
        } catch (IOException failed) {
            throw writeFailure("written", failed);
        }
    }

    /** Returns how much to write at once, so that pieces end where pages of that size do. */
    private static int piece(long offset, long left) {
        return (int) Math.min(left, MAXIMUM_PIECE_BYTES - offset % MAXIMUM_PIECE_BYTES);
    }

    private static boolean areDirect(ByteBuffer[] source) {
        for (ByteBuffer part : source) {
            if (!part.isDirect()) {
                return false;
            }
        }
        return true;
    }

    @Override
    protected void readNow(long offsetBytes, ByteBuffer destination) throws BackstoreException {
        if (cached == null || !destination.isDirect() || destination.remaining() > MAXIMUM_INLINE_BYTES) {
            return;
        }
        int length = cached.readCached(offsetBytes, destination);
        destination.position(destination.position() + length);
    }

    @Override
    protected boolean writeNow(long offsetBytes, ByteBuffer[] source, long lengthBytes) throws BackstoreException {
        long begin = System.nanoTime();
        if (lengthBytes > MAXIMUM_INLINE_BYTES || !pace.mayTry(begin) || readsBefore(offsetBytes, lengthBytes)) {
            return false;
        }
        writeAll(offsetBytes, source);
        pace.took(begin, System.nanoTime());
        return true;
    }

    /** Of a page that is written in part the kernel reads the rest first, which may take the disk's time. */
    private boolean readsBefore(long offset, long length) {
        PageResidency present = residency;
        return present != null && !present.containsEdges(offset, length);
    }

    private void requireWritable() throws BackstoreException {
        if (!volume.writable()) {
            throw new BackstoreException(Fault.WRITE_PROTECTED, volume.path() + " is open for reading only");
        }
        if (commits.failed()) {
            throw new BackstoreException(Fault.WRITE_FAILED, volume.path() + " takes no writes since a flush failed");
        }
    }

    @Override
    protected void flushAll() throws BackstoreException {
        try {
            commits.commit();
        } catch (IOException failed) {
            throw failure(Fault.WRITE_FAILED, "flushed", failed);
        }
    }

    private void flushHasFailed(IOException failure) {
        LOG.error(
                "file={} takes no writes until it is opened anew: a flush failed, and what was written since the last"
                        + " good one may be lost",
                volume.path(),
                failure);
    }

    @Override
    protected void unmapAt(long offsetBytes, long lengthBytes) throws BackstoreException {
        clear(punchHole, offsetBytes, lengthBytes);
    }

    @Override
    protected void zeroAt(long offsetBytes, long lengthBytes) throws BackstoreException {
        clear(zeroRange, offsetBytes, lengthBytes);
    }

    /** Lets the file system clear the range; where it cannot, zeros are written, so that it reads the same everywhere. */
    private void clear(RangeCall call, long offset, long length) throws BackstoreException {
        requireWritable();
        if (!call.tryOn(offset, length)) {
            writeZeros(offset, length);
        }
    }

    private void writeZeros(long offset, long length) throws BackstoreException {
        for (long done = 0; done < length; ) {
            int piece = (int) Math.min(ZEROS.capacity(), length - done);
            writeAt(offset + done, ZEROS.slice(0, piece));
            done += piece;
        }
    }

    @Override
    public synchronized void resize(long blocks) throws BackstoreException {
        requireWritable();
        if (blocks < geometry.blocks()) {
            throw new BackstoreException(
                    Fault.WRITE_FAILED, volume.path() + " cannot be made smaller: its data would be lost");
        }
        BlockGeometry changed = new BlockGeometry(blocks, geometry.blockSize(), geometry.physicalBlockSize());
        try {
            long behind = Math.min(channel.size(), changed.sizeBytes()) - geometry.sizeBytes();
            // A file that was taken over may go on behind the last whole block, or behind the size that was asked for.
            writeZeros(geometry.sizeBytes(), behind);
            if (channel.size() < changed.sizeBytes()) {
                channel.write(ByteBuffer.allocate(1), changed.sizeBytes() - 1);
            }
        } catch (IOException failed) {
            throw writeFailure("made larger", failed);
        }
        flushAll();
        geometry = changed;
        PageResidency before = residency;
        residency = residency(changed.sizeBytes());
        close(before);
    }

    private void close(PageResidency unused) {
        try {
            if (unused != null) {
                unused.close();
            }
        } catch (IOException failed) {
            LOG.warn("file={} stays mapped: {}", volume.path(), failed.getMessage());
        }
    }

    @Override
    public long allocatedBytes() throws BackstoreException {
        try {
            return volume.nativeFile().allocatedBytes();
        } catch (IOException failed) {
            throw failure(Fault.READ_FAILED, "examined", failed);
        }
    }

    @Override
    public BlockExtent extent(long lba, long maxBlocks) throws BackstoreException {
        NativeFile file = volume.nativeFile();
        int blockSize = geometry.blockSize();
        long offset = geometry.offsetBytes(lba);
        try {
            long data = file.nextData(offset);
            long holeBlocks = data < 0 ? maxBlocks : (data - offset) / blockSize;
            if (holeBlocks > 0) {
                return new BlockExtent(Math.min(holeBlocks, maxBlocks), false);
            }
            // A block that holds any data is allocated, also where the file system's blocks are smaller.
            long hole = Math.max(file.nextHole(data), offset + 1);
            long dataBlocks = (hole - offset + blockSize - 1) / blockSize;
            return new BlockExtent(Math.min(dataBlocks, maxBlocks), true);
        } catch (IOException failed) {
            throw failure(Fault.READ_FAILED, "examined", failed);
        }
    }

    @Override
    public void close() throws BackstoreException {
        executor.shutdown();
        PageResidency present = residency;
        residency = null;
        close(present);
        try (lent) {
            commits.commit();
        } catch (IOException failed) {
            throw failure(Fault.WRITE_FAILED, "flushed and closed", failed);
        }
    }

    private BackstoreException writeFailure(String what, IOException cause) {
        return failure(isFull(cause) ? Fault.OUT_OF_SPACE : Fault.WRITE_FAILED, what, cause);
    }

    private BackstoreException failure(Fault fault, String what, IOException cause) {
        return new BackstoreException(fault, volume.path() + " cannot be " + what + ": " + cause.getMessage(), cause);
    }

    /** Java has no exception of its own for a full file system, only the words of the C library. */
    static boolean isFull(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("No space left") || message.contains("quota exceeded");
    }
}
