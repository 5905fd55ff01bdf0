package io.sluice.manager.document;

import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The configuration on disk: one JSON document, mode 0600, replaced as a whole. The document before the last change is kept
 * beside it as {@code NAME.last-good}; the first change keeps a copy of itself, so that a document that is gone is told
 * from a first start.
 *
 * <p>A document that is torn, or gone, or was changed by someone else since it was read is never replaced: the operator
 * decides. Serving the last good copy instead is not an option, because what it maps may have been taken away on purpose.
 *
 * <p>Guarded by its owner.
 */
public final class ConfigFile {

    private static final long MAX_BYTES = 64L << 20;

    private final Path path;
    private final Path lastGood;

    /** What the document is known to hold; null if it is not there. */
    private byte[] content;

    /** @param path the document */
    public ConfigFile(Path path) {
        this.path = path.toAbsolutePath();
        this.lastGood = beside(".last-good");
    }

    private Path beside(String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    /**
     * Reads the document; the empty configuration on the first start.
     *
     * @throws ConfigException if it is torn or missing, with what the operator can do
     */
    public GatewayConfig load() throws ConfigException {
        try {
            byte[] found = read();
            GatewayConfig config = found == null ? firstStart() : ConfigJson.read(found);
            content = found;
            return config;
        } catch (ConfigException invalid) {
            throw new ConfigException(path + " " + invalid.getMessage() + remedy(), invalid);
        } catch (IOException failed) {
            throw new ConfigException(path + " cannot be read: " + failed.getMessage(), failed);
        }
    }

    private byte[] read() throws IOException, ConfigException {
        if (!Files.exists(path)) {
            return null;
        }
        if (Files.size(path) > MAX_BYTES) {
            throw new ConfigException("is larger than " + MAX_BYTES + " bytes");
        }
        return Files.readAllBytes(path);
    }

    private GatewayConfig firstStart() throws ConfigException {
        if (Files.exists(lastGood)) {
            throw new ConfigException("is missing");
        }
        return GatewayConfig.EMPTY;
    }

    private String remedy() {
        if (!Files.exists(lastGood)) {
            return ": correct it, then restart";
        }
        String other = Files.exists(path) ? "correct it" : "remove that too to begin anew";
        return ": copy " + lastGood.getFileName() + " over it, or " + other + ", then restart";
    }

    /**
     * Replaces the document; returns when it is on stable storage.
     *
     * @throws ConfigException if that failed; the document is as it was
     */
    public void save(GatewayConfig config) throws ConfigException {
        byte[] json = ConfigJson.write(config);
        try {
            Files.createDirectories(path.getParent());
            if (!Arrays.equals(read(), content)) {
                throw new ConfigException(
                        path + " was changed by someone else and is left as it is: restart to use it as it is now");
            }
            AtomicFile.replace(lastGood, ByteBuffer.wrap(content == null ? json : content));
            AtomicFile.replace(path, ByteBuffer.wrap(json));
            content = json;
        } catch (IOException failed) {
            putBack(failed);
            throw new ConfigException(path + " cannot be written: " + failed.getMessage(), failed);
        }
    }

    /** The new document may be there and only not be stable; nobody shall find what was refused. */
    private void putBack(IOException failed) {
        try {
            if (content == null) {
                Files.deleteIfExists(path);
            } else if (!Arrays.equals(Files.readAllBytes(path), content)) {
                AtomicFile.replace(path, ByteBuffer.wrap(content));
            }
        } catch (IOException again) {
            failed.addSuppressed(again);
        }
    }
}
