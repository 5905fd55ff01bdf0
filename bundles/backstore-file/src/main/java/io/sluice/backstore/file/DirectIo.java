package io.sluice.backstore.file;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Reads and writes past the page cache (O_DIRECT). The device takes memory that begins, and ranges that begin and end, where its
 * own blocks do; what comes otherwise goes through a buffer of the store. There are as many of these as threads of the store
 * ever come at once. Every call may wait. Thread-safe.
 */
final class DirectIo implements Closeable {

    static final String OPTION = "direct";

    private static final int BUFFER_BYTES = 256 << 10;

    /** Where nothing tells what is needed: no disk has larger sectors. */
    private static final int SAFE_BYTES = 4096;

    private final NativeFile file;
    private final int alignment;
    private final ConcurrentLinkedQueue<ByteBuffer> unused = new ConcurrentLinkedQueue<>();

    /**
     * @param file open past the page cache; closed with this one
     * @param alignment what its device takes
     */
    DirectIo(NativeFile file, int alignment) {
        this.file = file;
        this.alignment = alignment;
    }

    static void check(BackstoreConfig config) throws ConfigException {
        String value = config.options().getOrDefault(OPTION, "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw new ConfigException("option " + OPTION + " is true or false, not '" + value + "'");
        }
    }

    static boolean isAskedFor(BackstoreConfig config) {
        return Boolean.parseBoolean(config.options().get(OPTION));
    }

    /**
     * Opens a file that is open already once more.
     *
     * @param path where it is, for messages and for what is known of its device
     * @throws IOException if it cannot be had past the page cache, with what to do
     */
    static DirectIo open(NativeFile opened, Path path, BackstoreConfig config) throws IOException {
        Medium medium = Medium.of(path);
        if (opened == null || medium.inMemory()) {
            throw new IOException("it is " + medium.name() + ", which is always cached: leave " + OPTION + " out");
        }
        NativeFile direct;
        try {
            direct = NativeFile.openDirect(opened.path(), !config.readOnly());
        } catch (InvalidRequestException refused) {
            throw new IOException(
                    "it is " + medium.name() + ", which cannot do without the page cache: leave " + OPTION + " out",
                    refused);
        }
        try {
            int alignment = alignment(direct, path);
            if (config.blockSize() % alignment != 0) {
                throw new IOException("its device takes whole blocks of " + alignment
                        + " bytes without the page cache, and the disk has blocks of " + config.blockSize()
                        + ": make it with --block-size " + alignment + ", or leave " + OPTION + " out");
            }
            return new DirectIo(direct, alignment);
        } catch (IOException | RuntimeException failed) {
            direct.close();
            throw failed;
        }
    }

    private static int alignment(NativeFile direct, Path path) throws IOException {
        int told = direct.directAlignment();
        if (told > 0) {
            return told;
        }
        int sector = BlockDevice.under(path).logicalBlockBytes();
        return sector > 0 ? sector : SAFE_BYTES;
    }

    void read(long offsetBytes, ByteBuffer destination) throws IOException {
        long offset = offsetBytes;
        if (fits(destination)) {
            while (destination.hasRemaining()) {
                offset += requireMore(file.readDirect(offset, destination), offset);
            }
            return;
        }
        ByteBuffer buffer = take();
        try {
            while (destination.hasRemaining()) {
                buffer.clear().limit(Math.min(buffer.capacity(), destination.remaining()));
                while (buffer.hasRemaining()) {
                    offset += requireMore(file.readDirect(offset, buffer), offset);
                }
                destination.put(buffer.flip());
            }
        } finally {
            unused.add(buffer);
        }
    }

    void write(long offsetBytes, ByteBuffer[] source) throws IOException {
        if (source.length == 1 && fits(source[0])) {
            writeAll(offsetBytes, source[0]);
            return;
        }
        ByteBuffer buffer = take();
        try {
            long offset = offsetBytes;
            buffer.clear();
            for (ByteBuffer part : source) {
                while (part.hasRemaining()) {
                    int length = Math.min(buffer.remaining(), part.remaining());
                    buffer.put(part.slice(part.position(), length));
                    part.position(part.position() + length);
                    if (!buffer.hasRemaining()) {
                        offset = writeAll(offset, buffer.flip());
                        buffer.clear();
                    }
                }
            }
            writeAll(offset, buffer.flip());
        } finally {
            unused.add(buffer);
        }
    }

    private long writeAll(long offsetBytes, ByteBuffer source) throws IOException {
        long offset = offsetBytes;
        while (source.hasRemaining()) {
            int written = file.writeDirect(offset, source);
            if (written <= 0) {
                throw new IOException("its file system takes no data and does not say why");
            }
            offset += written;
        }
        return offset;
    }

    private static int requireMore(int read, long offset) throws IOException {
        if (read <= 0) {
            throw new IOException("the file ends at " + offset + ": it was cut short from outside");
        }
        return read;
    }

    /** Makes stable what was written by this descriptor. */
    void force() throws IOException {
        file.force();
    }

    private boolean fits(ByteBuffer buffer) {
        return buffer.isDirect()
                && buffer.remaining() % alignment == 0
                && buffer.alignmentOffset(buffer.position(), alignment) == 0;
    }

    private ByteBuffer take() {
        ByteBuffer buffer = unused.poll();
        return buffer == null
                ? ByteBuffer.allocateDirect(BUFFER_BYTES + alignment)
                        .alignedSlice(alignment)
                        .limit(BUFFER_BYTES)
                        .slice()
                : buffer;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
