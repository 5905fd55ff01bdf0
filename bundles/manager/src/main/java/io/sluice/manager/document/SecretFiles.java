package io.sluice.manager.document;

import io.sluice.access.Secrets;
import io.sluice.backstore.Secret;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets, each in a file of its own that its owner alone may read. Nothing of what is in them is ever said. Thread-safe; every
 * method may wait for the disk.
 */
public final class SecretFiles {

    /** The least that RFC 7143 9.2.1 allows without encryption: 96 bits. */
    public static final int MIN_BYTES = 12;

    /** As long as any other value of a text key. */
    public static final int MAX_BYTES = 255;

    private static final Logger LOG = LoggerFactory.getLogger(SecretFiles.class);
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    /** What it is called after, its kind, and what tells it from an older one of the same name. */
    private static final Pattern NAME = Pattern.compile("(.+?)(\\.chap|\\.mutual)?(-[0-9]+)?");
    /** How {@link #keep} calls files. */
    private static final Pattern OURS = Pattern.compile(".+\\.(chap|mutual)(-[0-9]+)?");
    /** What is left of the 64 characters of a name before the longest kind and a number. */
    private static final int MAX_STEM = 52;

    private final Path folder;
    private final FileCalls calls;
    private final AtomicFiles files;
    private final Map<String, String> leftovers = new ConcurrentHashMap<>();

    /** What was read, until somebody finds something else in the file. */
    private final Map<String, byte[]> known = new ConcurrentHashMap<>();

    /** What was logged of those that cannot be used: once, however often they are read. */
    private final Map<String, String> told = new ConcurrentHashMap<>();

    /** @param folder made when the first secret is kept */
    public SecretFiles(Path folder) {
        this(folder, FileCalls.MACHINE);
    }

    SecretFiles(Path folder, FileCalls calls) {
        this.folder = folder.toAbsolutePath();
        this.calls = calls;
        this.files = new AtomicFiles(calls);
    }

    /**
     * Reads the secrets that a configuration names, so that nobody has to wait for the disk who asks for one later. What was read
     * before is not read again, unless {@link #problem} has seen since that it is another one or cannot be used, or
     * {@link #readAgain} was called.
     *
     * @return what there is of them that can be used
     */
    public Secrets read(GatewayConfig config) {
        Map<String, byte[]> secrets = new HashMap<>();
        Set<String> names = named(config);
        for (String name : names) {
            byte[] secret = known.get(name);
            if (secret == null) {
                secret = find(name);
            }
            if (secret != null) {
                secrets.put(name, secret);
                known.put(name, secret);
            }
        }
        known.keySet().retainAll(names);
        told.keySet().retainAll(names);
        return secrets::get;
    }

    /** The files may have been changed by hand: {@link #read} reads them all the next time. */
    public void readAgain() {
        known.clear();
    }

    /** Returns a secret, or null if there is none of that name that can be used. */
    byte[] find(String name) {
        String problem = problem(name);
        if (problem == null) {
            try {
                byte[] secret = content(name);
                told.remove(name);
                return secret;
            } catch (IOException failed) {
                problem = unreadable(name, failed);
            }
        }
        if (!problem.equals(told.put(name, problem))) {
            LOG.error("{}", problem);
        }
        return null;
    }

    /** Returns why a secret cannot be used, one line with what to do, or null if it can. */
    public String problem(String name) {
        String problem = look(name);
        if (problem != null) {
            known.remove(name);
        }
        return problem;
    }

    private String look(String name) {
        Path file = folder.resolve(name);
        try {
            if (!calls.isFile(file)) {
                return "secret " + name + " is missing: there is no file " + file;
            }
            Set<PosixFilePermission> permissions = calls.permissions(file);
            if (permissions.stream().anyMatch(OTHERS::contains)) {
                return "secret " + name + " can be read or written by others: chmod 600 " + file;
            }
            if (calls.size(file) > MAX_BYTES + 1) {
                return "secret " + name + " is longer than " + MAX_BYTES + " bytes: " + file;
            }
            byte[] secret = content(name);
            int length = secret.length;
            known.computeIfPresent(name, (same, read) -> MessageDigest.isEqual(read, secret) ? read : null);
            Arrays.fill(secret, (byte) 0);
            return length < MIN_BYTES ? "secret " + name + " is shorter than " + MIN_BYTES + " bytes: " + file : null;
        } catch (IOException failed) {
            return unreadable(name, failed);
        }
    }

    private String unreadable(String name, IOException failed) {
        return "secret " + name + " cannot be read: " + folder.resolve(name) + " (" + reason(failed) + ")";
    }

    private static String reason(IOException failed) {
        if (failed instanceof NoSuchFileException) {
            return "it is gone";
        }
        if (failed instanceof FileSystemException named) {
            return named.getReason() == null ? failed.getClass().getSimpleName() : named.getReason();
        }
        return failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
    }

    /** A line end is not part of it: editors and {@code echo} leave one. */
    private byte[] content(String name) throws IOException {
        byte[] bytes = calls.read(folder.resolve(name));
        int end = bytes.length;
        if (end > 0 && bytes[end - 1] == '\n') {
            end--;
        }
        if (end > 0 && bytes[end - 1] == '\r') {
            end--;
        }
        byte[] secret = Arrays.copyOf(bytes, end);
        Arrays.fill(bytes, (byte) 0);
        return secret;
    }

    /** Returns whether two secrets are the same. */
    public boolean same(String one, String other) {
        byte[] first = find(one);
        byte[] second = find(other);
        return first != null && MessageDigest.isEqual(first, second);
    }

    /** Returns whether a secret is the one that is kept under a name. */
    public boolean holds(String name, Secret secret) {
        byte[] kept = find(name);
        byte[] given = secret.reveal();
        try {
            return kept != null && MessageDigest.isEqual(kept, given);
        } finally {
            Arrays.fill(given, (byte) 0);
        }
    }

    /**
     * Keeps a secret in a file that is new. When it returns, that is on stable storage.
     *
     * @param wanted the name that it is to have, if that is free; it gets a number otherwise
     * @param config what says which names are in use
     * @return its name
     * @throws ConfigException if it is no good, or cannot be written; nothing is left of it then
     */
    public String keep(String wanted, Secret secret, GatewayConfig config) throws ConfigException {
        byte[] bytes = secret.reveal();
        try {
            requirePlain(bytes);
            String name = free(wanted, named(config));
            write(name, bytes);
            return name;
        } catch (IOException failed) {
            throw new ConfigException(
                    "the secret cannot be written into " + folder + " (" + reason(failed)
                            + "), and nothing was changed",
                    failed);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private void write(String name, byte[] bytes) throws IOException {
        try {
            files.replace(folder.resolve(name), ByteBuffer.wrap(bytes));
        } catch (IOException failed) {
            forget(name);
            throw failed;
        }
    }

    private String free(String wanted, Set<String> used) {
        Matcher parts = NAME.matcher(wanted);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + wanted + "' is not a name of a secret");
        }
        String stem = parts.group(1);
        String ending = parts.group(2) == null ? ".chap" : parts.group(2);
        String base = stem.substring(0, Math.min(stem.length(), MAX_STEM)) + ending;
        String name = base;
        for (int i = 2; used.contains(name) || calls.exists(folder.resolve(name)); i++) {
            name = base + "-" + i;
        }
        return name;
    }

    private static Set<String> named(GatewayConfig... configs) {
        Set<String> names = new HashSet<>();
        for (GatewayConfig config : configs) {
            config.initiators().forEach(initiator -> names.addAll(initiator.secrets()));
        }
        return names;
    }

    private static void requirePlain(byte[] secret) throws ConfigException {
        if (secret.length < MIN_BYTES || secret.length > MAX_BYTES) {
            throw new ConfigException("a secret has " + MIN_BYTES + " to " + MAX_BYTES + " bytes");
        }
        for (byte value : secret) {
            if (value >= 0 && value < ' ' || value == 0x7F) {
                throw new ConfigException("a secret has no control characters");
            }
        }
    }

    /** Forgets the secrets that one configuration names, and none of those that count now. */
    public void forgetUnnamed(GatewayConfig former, GatewayConfig... present) {
        Set<String> names = named(former);
        names.removeAll(named(present));
        names.forEach(this::forget);
    }

    /** Forgets a secret, if there is one. One that cannot be removed is a {@linkplain #leftovers leftover}. */
    public void forget(String name) {
        Path file = folder.resolve(name);
        try {
            files.delete(file);
            leftovers.remove(name);
        } catch (IOException failed) {
            leftovers.put(
                    name,
                    "secret " + name + " is not used any more and cannot be removed (" + reason(failed) + "): delete "
                            + file);
            LOG.error("{}", leftovers.get(name), failed);
        }
    }

    /** Returns what is still there of secrets that are to be gone, one line each with what to do. */
    public Collection<String> leftovers() {
        return List.copyOf(leftovers.values());
    }

    /**
     * Removes what an interrupted change may have left: files with names as {@link #keep} gives them, which no initiator of a
     * configuration that counts names. Files with other names somebody has put there, and may be about to use.
     */
    public void clear(GatewayConfig... present) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Set<String> names = named(present);
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, file -> isOurs(file, names))) {
            for (Path file : found) {
                LOG.info("secret {} is removed: no initiator names it", file.getFileName());
                forget(file.getFileName().toString());
            }
        } catch (IOException | DirectoryIteratorException failed) {
            LOG.error("it cannot be seen what is in {}", folder, failed);
        }
    }

    private static boolean isOurs(Path file, Set<String> named) {
        String name = file.getFileName().toString();
        return (OURS.matcher(name).matches() || AtomicFiles.isTemporary(file, ""))
                && !named.contains(name)
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }
}
