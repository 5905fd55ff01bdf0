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
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
    /** Hundreds of stores that are seldom used shall not keep thousands of threads. */
    private static final int IDLE_SECONDS = 30;

    /** Files that {@link #create} has made and that {@link #undoCreate} may therefore remove. */
    private final Set<Path> made = ConcurrentHashMap.newKeySet();

    /**
     * Which backstore has a file open, by the file's identity. Asked before a file is opened, because closing a second
     * descriptor would drop the lock of the first (POSIX fcntl).
     */
    private final Map<Object, String> inUse = new ConcurrentHashMap<>();

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
        checkPreallocate(config);
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
        try {
            return volumes().resolve(text).normalize();
        } catch (InvalidPathException invalid) {
            throw new ConfigException("'" + text + "' is not a path: " + invalid.getReason(), invalid);
        }
    }

    /** Where relative paths begin. */
    private static Path volumes() {
        return Path.of(System.getProperty("sluice.volumes", "")).toAbsolutePath();
    }

    private static void checkPreallocate(BackstoreConfig config) throws ConfigException {
        String value = config.options().getOrDefault(PREALLOCATE, "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw new ConfigException("option " + PREALLOCATE + " is true or false, not '" + value + "'");
        }
    }

    private BackstoreConfig takeOver(BackstoreConfig config, Path path) throws ConfigException {
        if (Files.isDirectory(path)) {
            throw new ConfigException(path + " is a directory: name a file in it");
        }
        if (!Files.isReadable(path) || (!config.readOnly() && !Files.isWritable(path))) {
            throw new ConfigException(path + " cannot be " + (config.readOnly() ? "read" : "read and written")
                    + " by this process: change its owner or permissions");
        }
        long size = size(path);
        long usable = size - size % config.blockSize();
        if (config.sizeBytes() != 0 && config.sizeBytes() != usable) {
            throw new ConfigException(path + " exists and has " + size + " bytes, not " + config.sizeBytes()
                    + ": leave the size out to use it as it is, or name a file that is not there");
        }
        if (usable == 0) {
            throw new ConfigException(
                    path + " has " + size + " bytes, less than one block: name a larger file, or remove it");
        }
        return config.withSizeBytes(usable);
    }

    private long size(Path path) throws ConfigException {
        try {
            if (!isStorage(path)) {
                throw new ConfigException(path + " is neither a regular file nor a block device: name one");
            }
            String user = inUse.get(identity(path));
            if (user != null) {
                throw new ConfigException(path + " is in use by backstore " + user + ": name another file");
            }
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                return channel.size();
            }
        } catch (IOException failed) {
            throw new ConfigException(path + " cannot be opened: " + reason(failed), failed);
        }
    }

    /** Returns what is the same for all names of a file. */
    private static Object identity(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path.toRealPath() : key;
    }

    /** Block devices are "other" files to Java; so are pipes and sockets, which have no size. */
    private static boolean isStorage(Path path) throws IOException {
        try {
            int type = (int) Files.getAttribute(path, "unix:mode") & 0170000;
            return type == 0100000 || type == 0060000;
        } catch (UnsupportedOperationException | IllegalArgumentException notUnix) {
            return Files.isRegularFile(path);
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
            if (folder.equals(volumes())) {
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
        if (failure instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "there is something of that name";
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
        try (NativeFile file = NativeFile.open(path, true)) {
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
        Path path = null;
        try {
            path = resolve(config);
            if (!isStorage(path)) {
                throw new IOException("it is neither a regular file nor a block device");
            }
            BlockGeometry geometry = new BlockGeometry(
                    config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize());
            return new FileBackstore(openVolume(path, config), geometry, executor(config.name()));
        } catch (ConfigException | IllegalArgumentException refused) {
            String what = path == null ? "" : path + " cannot be opened: ";
            throw new BackstoreException(Fault.NOT_READY, what + refused.getMessage(), refused);
        } catch (IOException failed) {
            throw new BackstoreException(Fault.NOT_READY, path + " cannot be opened: " + reason(failed), failed);
        }
    }

    private Volume openVolume(Path path, BackstoreConfig config) throws IOException {
        Object identity = identity(path);
        String user = inUse.putIfAbsent(identity, config.name());
        if (user != null) {
            throw new IOException("backstore " + user + " uses it");
        }
        boolean writable = !config.readOnly();
        FileChannel channel = null;
        try {
            channel = writable
                    ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
                    : FileChannel.open(path, StandardOpenOption.READ);
            lock(channel, !writable);
            if (channel.size() < config.sizeBytes()) {
                throw new IOException("it has " + channel.size() + " bytes, fewer than the " + config.sizeBytes()
                        + " of its configuration");
            }
            NativeFile nativeFile = NativeFile.open(path, writable);
            Runnable release = () -> inUse.remove(identity);
            return new Volume(path, channel, nativeFile, Files.isRegularFile(path), writable, release);
        } catch (IOException failed) {
            inUse.remove(identity);
            close(channel);
            throw failed;
        }
    }

    private static void lock(FileChannel channel, boolean shared) throws IOException {
        try {
            if (channel.tryLock(0, Long.MAX_VALUE, shared) == null) {
                throw new IOException("another process uses it");
            }
        } catch (OverlappingFileLockException twice) {
            throw new IOException("something else in this process uses it", twice);
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
        ThreadFactory factory = action -> {
            Thread thread = new Thread(action, "sluice-file-" + name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        var executor = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
