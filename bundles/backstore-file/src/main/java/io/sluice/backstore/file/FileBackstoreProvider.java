package io.sluice.backstore.file;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Offers backstores of the type {@code file}: a regular file, made if it is not there, or a block device. */
@Component
public final class FileBackstoreProvider implements BackstoreProvider {

    private static final Logger LOG = LoggerFactory.getLogger(FileBackstoreProvider.class);

    private static final String PATH = "path";
    private static final String PREALLOCATE = "preallocate";
    private static final int THREADS = 16;

    /** Files that {@link #create} has made and that {@link #undoCreate} may therefore remove. */
    private final Set<Path> made = ConcurrentHashMap.newKeySet();

    @Override
    public String type() {
        return "file";
    }

    @Override
    public String description() {
        return "a file or block device; a file is made sparse if it is not there";
    }

    @Override
    public List<BackstoreOption> options() {
        return List.of(
                new BackstoreOption(PATH, true, "file or block device; a relative path begins in volumes/"),
                new BackstoreOption(PREALLOCATE, false, "true reserves all space of a new file at once"));
    }

    @Override
    public BackstoreConfig create(BackstoreConfig config) throws ConfigException {
        Path path = resolve(config);
        BackstoreConfig resolved = config.withOption(PATH, path.toString());
        if (Files.exists(path)) {
            made.remove(path);
            return takeOver(resolved, path);
        }
        return make(resolved, path);
    }

    private static Path resolve(BackstoreConfig config) throws ConfigException {
        String text = config.options().get(PATH);
        if (text == null || text.isBlank()) {
            throw new ConfigException("a file backstore needs a path: add --path FILE");
        }
        Path given = Path.of(text);
        String base = System.getProperty("karaf.base");
        Path root = base == null ? Path.of("") : Path.of(base, "volumes");
        return root.toAbsolutePath().resolve(given).normalize();
    }

    private static BackstoreConfig takeOver(BackstoreConfig config, Path path) throws ConfigException {
        if (Files.isDirectory(path)) {
            throw new ConfigException(path + " is a directory: name a file in it");
        }
        if (!isStorage(path)) {
            throw new ConfigException(path + " is neither a regular file nor a block device");
        }
        if (!Files.isReadable(path) || (!config.readOnly() && !Files.isWritable(path))) {
            throw new ConfigException(path + " cannot be " + (config.readOnly() ? "read" : "read and written")
                    + " by this process: change its owner or permissions");
        }
        long size;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            size = channel.size();
        } catch (IOException failed) {
            throw new ConfigException(path + " cannot be opened: " + failed.getMessage(), failed);
        }
        long usable = size - size % config.blockSize();
        if (config.sizeBytes() != 0 && config.sizeBytes() != size) {
            throw new ConfigException(path + " exists and has " + size + " bytes, not " + config.sizeBytes()
                    + ": leave the size out to use it as it is");
        }
        if (usable == 0) {
            throw new ConfigException(path + " is smaller than one block");
        }
        return config.withSizeBytes(usable);
    }

    /** Block devices are "other" files to Java; so are pipes and sockets, which have no size. */
    private static boolean isStorage(Path path) throws ConfigException {
        try {
            int type = (int) Files.getAttribute(path, "unix:mode") & 0170000;
            return type == 0100000 || type == 0060000;
        } catch (UnsupportedOperationException | IllegalArgumentException notUnix) {
            return Files.isRegularFile(path);
        } catch (IOException failed) {
            throw new ConfigException(path + " cannot be examined: " + failed.getMessage(), failed);
        }
    }

    private BackstoreConfig make(BackstoreConfig config, Path path) throws ConfigException {
        if (config.sizeBytes() == 0) {
            throw new ConfigException(path + " does not exist: add --size, such as --size 10G, to make it");
        }
        if (config.readOnly()) {
            throw new ConfigException(path + " does not exist: a read-only backstore needs a file with data");
        }
        Path folder = path.getParent();
        try {
            if (folder.endsWith("volumes")) {
                Files.createDirectories(folder);
            }
            if (!Files.isDirectory(folder)) {
                throw new ConfigException("folder " + folder + " does not exist: make it first");
            }
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            made.add(path);
            fill(path, config.sizeBytes(), Boolean.parseBoolean(config.options().get(PREALLOCATE)));
            syncFolder(folder);
            return config;
        } catch (IOException failed) {
            remove(path);
            throw new ConfigException(path + " cannot be made: " + reason(failed), failed);
        }
    }

    private static String reason(IOException failure) {
        if (FileBackstore.isFull(failure)) {
            return "no space is left on its file system";
        }
        boolean denied = failure instanceof AccessDeniedException;
        return denied ? "permission denied" : String.valueOf(failure.getMessage());
    }

    private static void fill(Path path, long size, boolean preallocate) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), size - 1);
            if (preallocate) {
                reserve(path, channel, size);
            }
            channel.force(true);
        }
    }

    private static void reserve(Path path, FileChannel channel, long size) throws IOException {
        try (NativeFile file = NativeFile.open(path)) {
            if (file != null) {
                file.reserve(0, size);
                return;
            }
        }
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        for (long offset = 0; offset < size; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), size - offset));
            offset += channel.write(zeros, offset);
        }
    }

    /** Without this the name of a new file may be gone after a power loss, and its data with it. */
    private static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void undoCreate(BackstoreConfig config) {
        remove(Path.of(config.options().get(PATH)));
    }

    private void remove(Path path) {
        if (made.remove(path)) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException failed) {
                LOG.error("file={} was made in vain and cannot be removed", path, failed);
            }
        }
    }

    @Override
    public Backstore open(BackstoreConfig config) throws BackstoreException {
        Path path = Path.of(config.options().get(PATH));
        boolean regular = Files.isRegularFile(path);
        FileChannel channel = null;
        try {
            channel = config.readOnly()
                    ? FileChannel.open(path, StandardOpenOption.READ)
                    : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            lock(path, channel, config.readOnly());
            if (channel.size() < config.sizeBytes()) {
                throw new IOException("it has " + channel.size() + " bytes, fewer than the " + config.sizeBytes()
                        + " of its configuration");
            }
            BlockGeometry geometry = new BlockGeometry(
                    config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize());
            NativeFile nativeFile = config.readOnly() ? null : NativeFile.open(path);
            return new FileBackstore(path, channel, nativeFile, geometry, executor(config.name()), regular);
        } catch (IOException failed) {
            close(channel);
            throw new BackstoreException(Fault.NOT_READY, path + " cannot be opened: " + describe(failed), failed);
        }
    }

    private static String describe(IOException failure) {
        return failure instanceof NoSuchFileException ? "it does not exist" : reason(failure);
    }

    private static void lock(Path path, FileChannel channel, boolean shared) throws IOException {
        try {
            if (channel.tryLock(0, Long.MAX_VALUE, shared) == null) {
                throw new IOException("another process uses it");
            }
        } catch (OverlappingFileLockException twice) {
            throw new IOException("another backstore uses it", twice);
        }
    }

    private static void close(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException failed) {
                LOG.warn("a file could not be closed: {}", failed.getMessage());
            }
        }
    }

    private static ExecutorService executor(String name) {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(THREADS, action -> {
            Thread thread = new Thread(action, "sluice-file-" + name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
