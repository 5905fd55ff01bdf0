package io.sluice.backstore.file;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.BlockingBackstore;
import io.sluice.backstore.Capability;
import io.sluice.backstore.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks in a regular file or on a block device. A write that has not been flushed is in the page cache; a flush that fails
 * closes the store for writes until it is opened anew, because the kernel forgets what it could not write.
 */
final class FileBackstore extends BlockingBackstore {

    private static final Logger LOG = LoggerFactory.getLogger(FileBackstore.class);
    private static final int ZERO_CHUNK_BYTES = 1 << 20;

    private final Path path;
    private final FileChannel channel;
    private final NativeFile nativeFile;
    private final GroupCommit commits;
    private final ExecutorService executor;
    private final Set<Capability> capabilities;
    private final AtomicBoolean punches = new AtomicBoolean();
    private volatile BlockGeometry geometry;

    /**
     * @param channel open for reading, and for writing unless the store is read-only; taken over
     * @param nativeFile the same file for what Java cannot do, or null; taken over
     * @param executor runs the blocking calls; shut down with the store
     * @param regular whether it is a regular file, which can grow
     */
    FileBackstore(
            Path path,
            FileChannel channel,
            NativeFile nativeFile,
            BlockGeometry geometry,
            ExecutorService executor,
            boolean regular) {
        super(executor);
        this.path = path;
        this.channel = channel;
        this.nativeFile = nativeFile;
        this.geometry = geometry;
        this.executor = executor;
        this.commits = new GroupCommit(() -> channel.force(false));
        this.punches.set(nativeFile != null);
        Set<Capability> able = EnumSet.of(Capability.UNMAP, Capability.WRITE_ZEROES);
        if (regular) {
            able.add(Capability.RESIZE);
        }
        if (regular && nativeFile != null) {
            able.add(Capability.ALLOCATION);
        }
        this.capabilities = Set.copyOf(able);
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
    protected void writeAt(long offsetBytes, ByteBuffer source) throws BackstoreException {
        refuseAfterFailedFlush();
        try {
            long offset = offsetBytes;
            while (source.hasRemaining()) {
                offset += channel.write(source, offset);
            }
        } catch (IOException failed) {
            throw failure(Fault.WRITE_FAILED, "written", failed);
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

    private void refuseAfterFailedFlush() throws BackstoreException {
        if (commits.failed()) {
            throw new BackstoreException(
                    Fault.WRITE_FAILED,
                    path
                            + " takes no writes since a flush failed: what was written since the last good flush may be lost");
        }
    }

    @Override
    protected void unmapAt(long offsetBytes, long lengthBytes) throws BackstoreException {
        clear(offsetBytes, lengthBytes, true);
    }

    @Override
    protected void zeroAt(long offsetBytes, long lengthBytes) throws BackstoreException {
        clear(offsetBytes, lengthBytes, false);
    }

    /** Lets the file system clear the range; where it cannot, zeros are written, so that it reads the same everywhere. */
    private void clear(long offset, long length, boolean free) throws BackstoreException {
        refuseAfterFailedFlush();
        if (punches.get()) {
            try {
                if (free) {
                    nativeFile.punchHole(offset, length);
                } else {
                    nativeFile.zeroRange(offset, length);
                }
                return;
            } catch (IOException unsupported) {
                if (punches.compareAndSet(true, false)) {
                    LOG.warn("file={} cannot clear ranges, zeros are written: {}", path, unsupported.getMessage());
                }
            }
        }
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(length, ZERO_CHUNK_BYTES));
        for (long at = offset; at < offset + length; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), offset + length - at));
            int piece = zeros.remaining();
            writeAt(at, zeros);
            at += piece;
        }
    }

    @Override
    public synchronized void resize(long blocks) throws BackstoreException {
        BlockGeometry changed = new BlockGeometry(blocks, geometry.blockSize(), geometry.physicalBlockSize());
        if (blocks < geometry.blocks()) {
            throw new BackstoreException(Fault.WRITE_FAILED, path + " cannot be made smaller: its data would be lost");
        }
        try {
            if (channel.size() < changed.sizeBytes()) {
                channel.write(ByteBuffer.allocate(1), changed.sizeBytes() - 1);
                channel.force(true);
            }
            geometry = changed;
        } catch (IOException failed) {
            throw failure(Fault.WRITE_FAILED, "made larger", failed);
        }
    }

    @Override
    public long allocatedBytes() throws BackstoreException {
        try {
            return nativeFile.allocatedBytes();
        } catch (IOException failed) {
            throw failure(Fault.READ_FAILED, "examined", failed);
        }
    }

    @Override
    public void close() throws BackstoreException {
        executor.shutdown();
        try (channel) {
            channel.force(true);
        } catch (IOException failed) {
            throw failure(Fault.WRITE_FAILED, "flushed when it was closed", failed);
        } finally {
            if (nativeFile != null) {
                nativeFile.close();
            }
        }
    }

    private BackstoreException failure(Fault fault, String what, IOException cause) {
        Fault reason = isFull(cause) ? Fault.OUT_OF_SPACE : fault;
        return new BackstoreException(reason, path + " cannot be " + what + ": " + cause.getMessage(), cause);
    }

    /** Java has no exception of its own for a full file system, only the words of the C library. */
    static boolean isFull(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("No space left") || message.contains("quota exceeded");
    }
}
