package io.sluice.backstore.file;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and writes a file to the last byte, and says what went wrong. Every call may wait. */
final class FileIo {

    private static final Logger LOG = LoggerFactory.getLogger(FileIo.class);

    private static final List<String> NO_SPACE = wordsForNoSpace();

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 20).asReadOnlyBuffer();

    /**
     * The kernel makes pages of the page cache as large as the writes that bring them in, and goes through all of a page's
     * blocks for a later write of 4 KiB. Pieces of this length cost large writes little and small ones next to nothing.
     */
    private static final int MAXIMUM_PIECE_BYTES = 64 << 10;

    private final OpenFile file;
    private final FileChannel channel;
    private final Room room;

    /** @param room told when a write fails for lack of it */
    FileIo(OpenFile file, Room room) {
        this.file = file;
        this.channel = file.channel();
        this.room = room;
    }

    void read(long offsetBytes, ByteBuffer destination) throws BackstoreException {
        try {
            if (file.direct() != null) {
                file.direct().read(offsetBytes, destination);
                return;
            }
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

    /** Gathers what comes in several buffers: a boundary inside a page would have the kernel go to that page twice. */
    void write(long offsetBytes, ByteBuffer[] source) throws BackstoreException {
        NativeFile gathering = file.nativeFile();
        try {
            if (file.direct() != null) {
                file.direct().write(offsetBytes, source);
                return;
            }
            if (source.length > 1 && gathering != null && areDirect(source)) {
                gather(gathering, offsetBytes, source);
                return;
            }
            long offset = offsetBytes;
            for (ByteBuffer part : source) {
                offset = write(offset, part);
            }
        } catch (IOException failed) {
            throw writeFailure("written", failed);
        }
    }

    private static void gather(NativeFile file, long offsetBytes, ByteBuffer[] source) throws IOException {
        long offset = offsetBytes;
        long end = offsetBytes;
        for (ByteBuffer part : source) {
            end += part.remaining();
        }
        while (offset < end) {
            int written = file.write(offset, source, piece(offset, end - offset));
            requireProgress(written);
            offset += written;
        }
    }

    private long write(long offsetBytes, ByteBuffer source) throws IOException {
        long offset = offsetBytes;
        int end = source.limit();
        while (source.position() < end) {
            source.limit(source.position() + piece(offset, end - source.position()));
            int written = channel.write(source, offset);
            requireProgress(written);
            offset += written;
        }
        return offset;
    }

    /** A file system that takes nothing and does not say why would be asked for ever. */
    private static void requireProgress(int written) throws IOException {
        if (written <= 0) {
            throw new IOException("its file system takes no data and does not say why");
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

    void writeZeros(long offset, long length) throws BackstoreException {
        try {
            for (long done = 0; done < length; ) {
                int piece = (int) Math.min(ZEROS.capacity(), length - done);
                write(offset + done, ZEROS.slice(0, piece));
                done += piece;
            }
        } catch (IOException failed) {
            throw writeFailure("written", failed);
        }
    }

    /** Returns how many bytes there are now; of a device this may be more than when it was opened. */
    long sizeBytes() throws BackstoreException {
        try {
            return channel.size();
        } catch (IOException failed) {
            throw failure(Fault.READ_FAILED, "examined", failed);
        }
    }

    /** Makes the file reach to a size. */
    void grow(long wantedBytes) throws BackstoreException {
        try {
            if (file.traits().reserved()) {
                new Reservation(channel, file.nativeFile()).grow(wantedBytes);
            } else if (channel.size() < wantedBytes) {
                channel.write(ByteBuffer.allocate(1), wantedBytes - 1);
            }
        } catch (IOException failed) {
            throw writeFailure("made larger", failed);
        }
    }

    BackstoreException writeFailure(String what, IOException cause) {
        if (!isFull(cause)) {
            return failure(Fault.WRITE_FAILED, what, cause);
        }
        room.ranOut();
        return failure(Fault.OUT_OF_SPACE, what, cause);
    }

    BackstoreException failure(Fault fault, String what, IOException cause) {
        return new BackstoreException(fault, file.path() + " cannot be " + what + ": " + cause.getMessage(), cause);
    }

    /** Java has no exception of its own for a full file system, only the words of the C library in the system's language. */
    static boolean isFull(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return NO_SPACE.stream().anyMatch(message::contains);
    }

    private static List<String> wordsForNoSpace() {
        List<String> words = new ArrayList<>(List.of("No space left", "quota exceeded"));
        try {
            words.addAll(Libc.wordsForNoSpace());
        } catch (LinkageError unavailable) {
            LOG.debug("only English words tell of a full file system: {}", unavailable.toString());
        }
        return List.copyOf(words);
    }
}
