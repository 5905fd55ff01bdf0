package io.sluice.backstore.file;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.FileRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a store reads. In the thread of the caller it does only what the kernel has promised not to wait for: reading what is in
 * the page cache (preadv2 with RWF_NOWAIT), and asking what is there. All else is done by threads of the context.
 *
 * <p>A read with RWF_NOWAIT has the kernel begin with what is missing, in the order of the initiator, so that its read-ahead
 * works, and a second one costs more than it brings. Where there are threads only, it sees them in any order.
 */
final class Reads {

    private static final Logger LOG = LoggerFactory.getLogger(Reads.class);

    /** Copying so much takes some tenths of a millisecond; what is longer does not hold up the caller. */
    private static final int MAXIMUM_INLINE_BYTES = 1 << 20;

    private final OpenFile file;
    private final FileIo io;
    private final BackstoreContext context;
    private final LentRanges lent;
    private final ReadAhead ahead;

    /** Null where the kernel promises nothing. */
    private final NativeFile cached;

    /** Null where it cannot be told what is in the page cache. */
    private volatile PageResidency residency;

    /** @param aheadBytes how far to read ahead of a sequence at most; 0 for never */
    Reads(OpenFile file, FileIo io, BackstoreContext context, long sizeBytes, int aheadBytes) {
        this.file = file;
        this.io = io;
        this.context = context;
        this.lent = new LentRanges(file.channel());
        NativeFile calls = file.nativeFile();
        boolean usesCache = calls != null && file.direct() == null;
        this.cached = usesCache && file.traits().regular() && calls.promisesNotToWait() ? calls : null;
        this.residency = residency(sizeBytes);
        this.ahead = new ReadAhead(
                !usesCache || cached != null ? 0 : aheadBytes,
                pieceBytes(file),
                sizeBytes,
                calls == null ? (offset, length) -> {} : calls::readAhead,
                context.executor());
    }

    private static int pieceBytes(OpenFile file) {
        try {
            return BlockDevice.under(file.path()).readAheadBytes();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
            LOG.debug("file={} is read ahead in small pieces: {}", file.path(), unknown.toString());
            return ReadAhead.SMALLEST_PIECE_BYTES;
        }
    }

    private PageResidency residency(long size) {
        try {
            return cached != null && Files.isWritable(file.path()) ? cached.residency(size) : null;
        } catch (IOException | LinkageError refused) {
            LOG.info("file={} is not sent by the kernel: {}", file.path(), refused.toString());
            return null;
        }
    }

    /** Returns whether it can be told what the kernel can send. */
    boolean lends() {
        return residency != null;
    }

    CompletionStage<Void> read(long start, ByteBuffer destination) {
        ahead.sees(start, destination.remaining());
        int before = destination.position();
        if (cached != null && destination.isDirect() && destination.remaining() <= MAXIMUM_INLINE_BYTES) {
            destination.position(before + cached.readCached(start, destination));
            if (!destination.hasRemaining()) {
                return Backstore.done();
            }
        }
        long offset = start + destination.position() - before;
        return context.call(() -> {
            io.read(offset, destination);
            return null;
        });
    }

    /** What is lent may be evicted before it is sent; then the kernel waits for the disk in the thread that sends. */
    FileRange lend(long offset, int lengthBytes) {
        PageResidency present = residency;
        return present != null && present.contains(offset, lengthBytes) ? lent.lend(offset, lengthBytes) : null;
    }

    /** Of a page that is written in part the kernel reads the rest first, which may take the disk's time. */
    boolean areNeededToWrite(long offset, long length) {
        PageResidency present = residency;
        return present != null && !present.containsEdges(offset, length);
    }

    void resized(long sizeBytes) {
        ahead.resized(sizeBytes);
        PageResidency before = residency;
        if (before != null) {
            residency = residency(sizeBytes);
            close(before);
        }
    }

    /** Lends no more, and runs something when all is back. */
    void end(Runnable allBack) {
        lent.end(allBack);
    }

    /** To be called before the file is closed; may wait. */
    void close() {
        ahead.close();
        PageResidency present = residency;
        residency = null;
        if (present != null) {
            close(present);
        }
    }

    private void close(PageResidency unused) {
        try {
            unused.close();
        } catch (IOException failed) {
            LOG.warn("file={} stays mapped: {}", file.path(), failed.getMessage());
        }
    }
}
