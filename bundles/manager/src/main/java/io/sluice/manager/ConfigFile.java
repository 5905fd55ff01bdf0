package io.sluice.manager;

import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The configuration on disk: one JSON document, mode 0600, replaced as a whole. The copy before the last change is kept
 * beside it as {@code NAME.last-good}. A document that is torn, or gone while its copy is there, is never replaced: the
 * operator decides.
 */
final class ConfigFile {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final long MAX_BYTES = 64L << 20;

    private final Path path;
    private final Path lastGood;
    private final Path temporary;

    ConfigFile(Path path) {
        this.path = path.toAbsolutePath();
        this.lastGood = this.path.resolveSibling(path.getFileName() + ".last-good");
        this.temporary = this.path.resolveSibling(path.getFileName() + ".new");
    }

    Path path() {
        return path;
    }

    /**
     * Reads the document; the empty configuration on the first start.
     *
     * @throws ConfigException if it is torn or missing, with what the operator can do
     */
    GatewayConfig load() throws ConfigException {
        if (!Files.exists(path)) {
            if (Files.exists(lastGood)) {
                throw new ConfigException(path + " is missing; copy " + lastGood.getFileName()
                        + " over it, or remove that too to begin anew, and restart");
            }
            return GatewayConfig.EMPTY;
        }
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new ConfigException(path + " is larger than " + MAX_BYTES + " bytes and was not read");
            }
            return ConfigJson.read(Files.readAllBytes(path));
        } catch (ConfigException invalid) {
            throw new ConfigException(
                    path + " is not valid: " + invalid.getMessage() + "; mend it" + restoreHint() + " and restart",
                    invalid);
        } catch (IOException failed) {
            throw new ConfigException(path + " cannot be read: " + failed.getMessage(), failed);
        }
    }

    private String restoreHint() {
        return Files.exists(lastGood) ? ", or copy " + lastGood.getFileName() + " over it," : "";
    }

    /**
     * Replaces the document; returns when it is on stable storage.
     *
     * @throws ConfigException if that failed; the document is as it was
     */
    void save(GatewayConfig config) throws ConfigException {
        try {
            Files.createDirectories(path.getParent());
            write(temporary, ConfigJson.write(config));
            if (Files.exists(path)) {
                // The name lastGood appears only once all bytes of the copy are stable.
                Path copy = path.resolveSibling(path.getFileName() + ".copy");
                write(copy, Files.readAllBytes(path));
                Files.move(copy, lastGood, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolder();
        } catch (IOException failed) {
            throw new ConfigException(path + " cannot be written: " + failed.getMessage(), failed);
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, OWNER_ONLY);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer source = ByteBuffer.wrap(bytes);
            while (source.hasRemaining()) {
                channel.write(source);
            }
            channel.force(true);
        }
    }

    private void syncFolder() throws IOException {
        try (FileChannel folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
