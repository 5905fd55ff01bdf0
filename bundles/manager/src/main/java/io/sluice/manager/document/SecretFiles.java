package io.sluice.manager.document;

import io.sluice.access.Secrets;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.InitiatorConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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

    private final Path folder;

    /** @param folder made when the first secret is kept */
    public SecretFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads the secrets that a configuration names, so that nobody has to wait for the disk who asks for one later.
     *
     * @return what there is of them that can be used
     */
    public Secrets read(GatewayConfig config) {
        Map<String, byte[]> secrets = new HashMap<>();
        for (InitiatorConfig initiator : config.initiators()) {
            for (String name : initiator.secrets()) {
                byte[] secret = find(name);
                if (secret != null) {
                    secrets.put(name, secret);
                }
            }
        }
        return secrets::get;
    }

    /** Returns a secret, or null if there is none of that name that can be used. */
    byte[] find(String name) {
        String problem = problem(name);
        if (problem != null) {
            LOG.error("{}", problem);
            return null;
        }
        try {
            return content(name);
        } catch (IOException failed) {
            LOG.error("secret {} cannot be read: {}", name, failed.toString());
            return null;
        }
    }

    /** Returns why a secret cannot be used, one line with what to do, or null if it can. */
    public String problem(String name) {
        Path file = folder.resolve(name);
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return "secret " + name + " is missing: there is no file " + file;
            }
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.stream().anyMatch(OTHERS::contains)) {
                return "secret " + name + " can be read or written by others: chmod 600 " + file;
            }
            if (Files.size(file) > MAX_BYTES + 1) {
                return "secret " + name + " is longer than " + MAX_BYTES + " bytes: " + file;
            }
            byte[] secret = content(name);
            int length = secret.length;
            Arrays.fill(secret, (byte) 0);
            return length < MIN_BYTES ? "secret " + name + " is shorter than " + MIN_BYTES + " bytes: " + file : null;
        } catch (IOException failed) {
            return "secret " + name + " cannot be read: " + file + " (" + reason(failed) + ")";
        }
    }

    private static String reason(IOException failed) {
        return failed instanceof NoSuchFileException
                ? "it is gone"
                : failed.getClass().getSimpleName();
    }

    /** A line end is not part of it: editors and {@code echo} leave one. */
    private byte[] content(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve(name));
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

    /**
     * Keeps a secret, in place of an older one.
     *
     * @throws ConfigException if it is no good, or cannot be written
     */
    public void put(String name, byte[] secret) throws ConfigException {
        requirePlain(secret);
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            AtomicFile.replace(folder.resolve(name), ByteBuffer.wrap(secret));
        } catch (IOException failed) {
            throw new ConfigException("secret " + name + " cannot be written: " + failed, failed);
        }
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

    /** Forgets a secret, if there is one. */
    public void delete(String name) throws ConfigException {
        try {
            AtomicFile.delete(folder.resolve(name));
        } catch (IOException failed) {
            throw new ConfigException("secret " + name + " cannot be removed: " + failed, failed);
        }
    }
}
