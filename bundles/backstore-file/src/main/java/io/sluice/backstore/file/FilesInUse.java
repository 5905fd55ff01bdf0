package io.sluice.backstore.file;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens each file once. Which backstore has one is kept by the identity of the file and asked before it is opened, because
 * closing a second descriptor would drop the lock of the first (POSIX fcntl). Every call may wait. Thread-safe.
 */
final class FilesInUse {

    private static final Logger LOG = LoggerFactory.getLogger(FilesInUse.class);

    private static final int PAGE_BYTES = 4096;

    private final Map<Object, String> inUse = new ConcurrentHashMap<>();

    /** Those of them that are open; asked by who copies one. */
    private final Map<Object, OpenFile> opened = new ConcurrentHashMap<>();

    /** Files of which it turned out that no holes can be punched. */
    private final Set<Object> doNotPunch = ConcurrentHashMap.newKeySet();

    /** Returns the size of a file that nobody uses. */
    long size(Path path, BackstoreConfig config) throws IOException {
        requireFree(StoragePath.identity(path));
        if (StoragePath.isBlockDevice(path)) {
            // Nobody else has it; who gets it between this and the opening is found out then.
            close(openNative(path, !config.readOnly(), true));
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.size();
        }
    }

    private void requireFree(Object identity) throws IOException {
        String user = inUse.get(identity);
        if (user != null) {
            throw new InUseException(user);
        }
    }

    /** A backstore of this gateway has the file. */
    static final class InUseException extends IOException {

        private static final long serialVersionUID = 1L;

        private final String user;

        InUseException(String user) {
            super("backstore " + user + " uses it");
            this.user = user;
        }

        String user() {
            return user;
        }
    }

    /**
     * Returns the open file of a backstore, to be closed; null if there is none.
     *
     * @throws ConfigException if it has two, of which one may be half of a copy
     */
    OpenFile share(String user) throws ConfigException {
        List<Object> used = inUse.entrySet().stream()
                .filter(use -> use.getValue().equals(user))
                .map(Map.Entry::getKey)
                .toList();
        if (used.size() > 1) {
            throw new ConfigException("backstore " + user
                    + " has two files open, because it is being moved: wait until that is over, or name a file");
        }
        OpenFile open = used.isEmpty() ? null : opened.get(used.get(0));
        return open != null && open.share() ? open : null;
    }

    /**
     * Returns a file to be read and closed: the one that a backstore has open, or one that nobody may write to meanwhile.
     *
     * @param user who has it meanwhile, if nobody has it yet
     */
    OpenFile share(Path path, String user) throws IOException {
        OpenFile open = opened.get(StoragePath.identity(path));
        return open != null && open.share()
                ? open
                : open(
                        path,
                        BackstoreConfig.builder(user, "file").readOnly(true).build());
    }

    /** Opens and locks a file that is as its configuration says. */
    OpenFile open(Path path, BackstoreConfig config) throws IOException {
        Object identity = StoragePath.identity(path);
        String user = inUse.putIfAbsent(identity, config.name());
        if (user != null) {
            throw new InUseException(user);
        }
        try {
            return open(path, config, identity);
        } catch (IOException | RuntimeException failed) {
            inUse.remove(identity);
            throw failed;
        }
    }

    /** @param identity of the file that was checked, and no other is opened */
    OpenFile open(Path path, BackstoreConfig config, Object identity) throws IOException {
        boolean writable = !config.readOnly();
        boolean regular = Files.isRegularFile(path);
        NativeFile nativeFile = openNative(path, writable, !regular);
        FileChannel channel = null;
        DirectIo direct = null;
        try {
            channel = openChannel(path, nativeFile, writable, identity);
            lock(channel, !writable);
            if (channel.size() < config.sizeBytes()) {
                throw new IOException("it has " + channel.size() + " bytes, fewer than the " + config.sizeBytes()
                        + " of its configuration");
            }
            // A thick disk keeps its space; that of a thin one was reserved for the beginning only.
            boolean punches = nativeFile != null
                    && (!regular || config.thin())
                    && !doNotPunch.contains(identity)
                    && (!regular || !writable || nativeFile.canPunch(channel.size()));
            FileTraits traits = new FileTraits(
                    regular,
                    writable,
                    punches,
                    regular && Reservation.isAskedFor(config),
                    unitBytes(path, regular),
                    DirectIo.isAskedFor(config) ? Medium.of(path).uncached() : Medium.of(path));
            Runnable noPunching = () -> doNotPunch.add(identity);
            direct = DirectIo.isAskedFor(config) ? DirectIo.open(nativeFile, path, config) : null;
            OpenFile file =
                    new OpenFile(path, channel, nativeFile, direct, traits, new AtomicInteger(1), noPunching, () -> {
                        opened.remove(identity);
                        inUse.remove(identity);
                    });
            opened.put(identity, file);
            return file;
        } catch (IOException | RuntimeException failed) {
            close(direct);
            close(nativeFile);
            close(channel);
            throw failed;
        }
    }

    /**
     * Opens what was looked at, even if somebody puts a link in its place meanwhile: by the descriptor that is open already,
     * which is compared first, or else without following a link at the end.
     */
    private static FileChannel openChannel(Path path, NativeFile opened, boolean writable, Object identity)
            throws IOException {
        Set<OpenOption> options = new HashSet<>(Set.of(StandardOpenOption.READ));
        if (writable) {
            options.add(StandardOpenOption.WRITE);
        }
        if (opened != null) {
            requireSame(opened.path(), identity);
            return FileChannel.open(opened.path(), options);
        }
        options.add(LinkOption.NOFOLLOW_LINKS);
        FileChannel channel = FileChannel.open(path, options);
        try {
            requireSame(path.toRealPath(), identity);
            return channel;
        } catch (IOException changed) {
            channel.close();
            throw changed;
        }
    }

    private static void requireSame(Path opened, Object identity) throws IOException {
        if (!StoragePath.identity(opened).equals(identity)) {
            throw new IOException("it was put in the place of another while it was being opened");
        }
    }

    private static NativeFile openNative(Path path, boolean writable, boolean device) throws IOException {
        try {
            return NativeFile.open(path, writable, device);
        } catch (BusyException busy) {
            throw new IOException(BlockDevice.at(path).user(), busy);
        }
    }

    private static int unitBytes(Path path, boolean regular) throws IOException {
        if (!regular) {
            return BlockDevice.at(path).unitBytes();
        }
        long block = Files.getFileStore(path).getBlockSize();
        return block > 0 && block <= Integer.MAX_VALUE ? (int) block : PAGE_BYTES;
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

    private static void close(Closeable opened) {
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException failed) {
                LOG.warn("a file could not be closed: {}", failed.getMessage());
            }
        }
    }
}
