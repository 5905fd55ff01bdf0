package io.sluice.manager.document;

import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.zip.CRC32C;

/**
 * The state of one unit on disk: {@code NAA.json}, and {@code NAA.intent-ID} for each write that has to be finished or to
 * have never been. Files are replaced as a whole, and each has a checksum. They are written on a thread of their own, so that
 * nobody waits for the disk who has something else to do.
 */
public final class UnitStateFiles implements UnitStateStore {

    private static final long MAGIC = 0x534C_5549_4345_4931L;
    private static final int HEADER = 3 * Long.BYTES;
    private static final String INTENT = ".intent-";
    private static final int MAX_STATE_BYTES = 4 << 20;

    private final Path folder;
    private final String name;
    private final Executor writer;

    /**
     * @param folder where states are; made when it is needed
     * @param naa the unit's designator, by which its files are named
     * @param writer writes, one file after the other
     */
    public UnitStateFiles(Path folder, String naa, Executor writer) {
        this.folder = folder.toAbsolutePath();
        this.name = naa;
        this.writer = writer;
    }

    private Path file() {
        return folder.resolve(name + ".json");
    }

    private Path intent(long id) {
        return folder.resolve(name + INTENT + id);
    }

    @Override
    public UnitState load() throws IOException {
        Path file = file();
        if (!Files.exists(file)) {
            return UnitState.NEW;
        }
        if (Files.size(file) > MAX_STATE_BYTES) {
            throw new IOException(file + " is larger than " + MAX_STATE_BYTES + " bytes");
        }
        try {
            return StateJson.read(Files.readAllBytes(file));
        } catch (StateJson.InvalidException invalid) {
            throw new IOException(
                    file + " is not valid: " + invalid.getMessage()
                            + ": restore it, or remove it to begin without reservations and saved settings",
                    invalid);
        }
    }

    /** File work. */
    @FunctionalInterface
    private interface Work {
        void perform() throws IOException;
    }

    private CompletionStage<Void> write(Work work) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        try {
            writer.execute(() -> {
                try {
                    work.perform();
                    written.complete(null);
                } catch (Throwable failed) {
                    written.completeExceptionally(failed);
                }
            });
        } catch (RejectedExecutionException stopped) {
            written.completeExceptionally(stopped);
        }
        return written;
    }

    @Override
    public CompletionStage<Void> save(UnitState state) {
        return write(() -> {
            Files.createDirectories(folder);
            AtomicFile.replace(file(), ByteBuffer.wrap(StateJson.write(state)));
        });
    }

    @Override
    public CompletionStage<Void> saveIntent(long id, long lba, ByteBuffer[] data) {
        return write(() -> writeIntent(id, lba, data));
    }

    private void writeIntent(long id, long lba, ByteBuffer[] data) throws IOException {
        CRC32C checksum = new CRC32C();
        ByteBuffer[] parts = new ByteBuffer[data.length + 1];
        for (int i = 0; i < data.length; i++) {
            checksum.update(data[i].duplicate());
            parts[i + 1] = data[i];
        }
        parts[0] = ByteBuffer.allocate(HEADER)
                .putLong(MAGIC)
                .putLong(lba)
                .putLong(checksum.getValue())
                .flip();
        Files.createDirectories(folder);
        AtomicFile.replace(intent(id), parts);
    }

    @Override
    public CompletionStage<Void> clearIntent(long id) {
        return write(() -> AtomicFile.delete(intent(id)));
    }

    @Override
    public List<Intent> loadIntents() throws IOException {
        List<Intent> intents = new ArrayList<>();
        for (Path file : intentFiles()) {
            String id = file.getFileName().toString().substring((name + INTENT).length());
            intents.add(parse(Long.parseLong(id), file));
        }
        return intents;
    }

    private List<Path> intentFiles() throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(
                    folder, file -> file.getFileName().toString().matches(name + INTENT + "[0-9]{1,18}"))) {
                files.forEach(found::add);
            } catch (DirectoryIteratorException failed) {
                throw failed.getCause();
            }
        }
        return found;
    }

    private static Intent parse(long id, Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        try {
            boolean known = bytes.getLong() == MAGIC;
            long lba = bytes.getLong();
            long expected = bytes.getLong();
            CRC32C checksum = new CRC32C();
            checksum.update(bytes.duplicate());
            if (!known || checksum.getValue() != expected) {
                throw new IOException(file + " is damaged: the write that it holds cannot be finished");
            }
            return new Intent(id, lba, bytes.slice());
        } catch (BufferUnderflowException tooShort) {
            throw new IOException(file + " is damaged: the write that it holds cannot be finished", tooShort);
        }
    }

    /** Removes everything, whether it can be read or not, also what is about to be written: the unit is gone. */
    public void delete() throws IOException {
        try {
            write(() -> {
                        AtomicFile.delete(file());
                        for (Path intent : intentFiles()) {
                            AtomicFile.delete(intent);
                        }
                    })
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException failed) {
            throw new IOException(failed.getCause().getMessage(), failed.getCause());
        }
    }
}
