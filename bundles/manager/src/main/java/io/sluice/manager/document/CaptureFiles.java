package io.sluice.manager.document;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of captures: files for their owner alone, each of them whole. No file takes the place of another one, because what a
 * capture has comes from strangers.
 */
public final class CaptureFiles {

    /** More than anybody looks at, and little enough for the file system that the state of units is on too. */
    private static final int MOST = 16;

    private static final String CAPTURE = ".pcap";
    private static final long MOST_BYTES = 1L << 30;
    private static final int BUFFER = 1 << 16;

    private final Path folder;
    private final FileCalls calls;

    /** @param folder made when it is needed */
    public CaptureFiles(Path folder) {
        this(folder, FileCalls.MACHINE);
    }

    CaptureFiles(Path folder, FileCalls calls) {
        this.folder = folder;
        this.calls = calls;
    }

    /** Writes what a file has. */
    @FunctionalInterface
    public interface Content {

        /** Writes all of it. */
        void write(OutputStream out) throws IOException;
    }

    /**
     * Writes a file; one at a time.
     *
     * @param name without a folder
     * @return where it is
     * @throws FileAlreadyExistsException if there is one of that name
     * @throws IOException if there are 16 captures already, or 1 GiB of them, or it cannot be written
     */
    public synchronized Path write(String name, Content content) throws IOException {
        Path file = folder.resolve(name).toAbsolutePath();
        if (calls.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        if (!calls.exists(folder)) {
            Files.createDirectories(folder.toAbsolutePath().getParent());
            calls.makeFolder(folder);
        }
        requireRoom();
        Path unfinished = file.resolveSibling("." + name + ".new");
        if (calls.exists(unfinished)) {
            calls.delete(unfinished);
        }
        try {
            fill(unfinished, content);
            calls.rename(unfinished, file);
            calls.forceFolder(folder);
        } catch (IOException failed) {
            if (calls.exists(unfinished)) {
                calls.delete(unfinished);
            }
            throw failed;
        }
        return file;
    }

    private void requireRoom() throws IOException {
        int captures = 0;
        long bytes = 0;
        for (Path file : calls.list(folder)) {
            if (file.toString().endsWith(CAPTURE)) {
                captures++;
                bytes += calls.size(file);
            }
        }
        if (captures >= MOST || bytes >= MOST_BYTES) {
            throw new IOException("there are " + (captures >= MOST ? captures : (bytes >> 20) + " MiB of")
                    + " captures in " + folder.toAbsolutePath() + " already: remove some");
        }
    }

    private void fill(Path file, Content content) throws IOException {
        try (FileCalls.NewFile made = calls.create(file)) {
            OutputStream out = new BufferedOutputStream(stream(made), BUFFER);
            content.write(out);
            out.flush();
            made.force();
        }
    }

    private static OutputStream stream(FileCalls.NewFile file) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
                while (buffer.hasRemaining()) {
                    file.write(buffer);
                }
            }
        };
    }
}
