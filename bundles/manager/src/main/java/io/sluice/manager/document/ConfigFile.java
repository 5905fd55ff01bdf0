package io.sluice.manager.document;

import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration on disk: one JSON document, mode 0600, replaced as a whole. The document before the last change is kept
 * beside it as {@code NAME.last-good}; the first change keeps a copy of itself, so that a document that is gone is told
 * from a first start.
 *
 * <p>A document that is torn, or gone, or was changed by someone else since it was read is never replaced: the operator
 * decides. Serving the last good copy instead is not an option, because what it maps may have been taken away on purpose.
 * Only a draft, which has been read as somebody has left it, is replaced by what it has become.
 *
 * <p>Guarded by its owner.
 */
public final class ConfigFile {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigFile.class);
    private static final long MAX_BYTES = 64L << 20;
    private static final String CHANGED = "is left as it is: gateway:apply uses it as it is now, and so does a restart";

    private final Path path;
    private final Path lastGood;
    private final FileCalls calls;
    private final AtomicFiles files;

    /** What the document is known to hold; null if it is not there. */
    private byte[] content;

    /** @param path the document */
    public ConfigFile(Path path) {
        this(path, FileCalls.MACHINE);
    }

    ConfigFile(Path path, FileCalls calls) {
        this.path = path.toAbsolutePath();
        this.lastGood = this.path.resolveSibling(this.path.getFileName() + ".last-good");
        this.calls = calls;
        this.files = new AtomicFiles(calls);
    }

    /**
     * The document as somebody has left it.
     *
     * @param config what it says
     * @param bytes what it is
     */
    public record Draft(GatewayConfig config, byte[] bytes) {}

    /**
     * Reads the document; the empty configuration on the first start. If a backstore in it has no identity, it is given one,
     * and the document is completed.
     *
     * @throws ConfigException if it is torn or missing, with what the operator can do
     */
    public GatewayConfig load() throws ConfigException {
        try {
            byte[] found = read();
            if (found == null) {
                content = null;
                return firstStart();
            }
            ConfigJson.Reading reading = ConfigJson.read(found, GatewayConfig.EMPTY);
            content = found;
            if (reading.drawn()) {
                complete(reading.config());
            }
            return reading.config();
        } catch (ConfigException invalid) {
            throw new ConfigException(path + " " + invalid.getMessage() + remedy(), invalid);
        } catch (IOException failed) {
            throw new ConfigException(path + " cannot be read: " + failed.getMessage(), failed);
        }
    }

    /** An identity is for good: without it on disk, the same disk would be another one after the next start. */
    private void complete(GatewayConfig config) throws ConfigException {
        try {
            replaceKeepingLastGood(config);
        } catch (IOException failed) {
            throw new ConfigException(
                    "has no identity for a backstore, and cannot be written to keep the one that was drawn: "
                            + failed.getMessage(),
                    failed);
        }
    }

    /** Returns what the document before the last change says; nothing if there is none that can be read. */
    public GatewayConfig lastGood() {
        try {
            return calls.exists(lastGood)
                    ? ConfigJson.read(calls.read(lastGood), GatewayConfig.EMPTY).config()
                    : GatewayConfig.EMPTY;
        } catch (ConfigException | IOException useless) {
            LOG.warn("{} is of no use: {}", lastGood, useless.toString());
            return GatewayConfig.EMPTY;
        }
    }

    /**
     * Reads the document as somebody has left it; what it leaves out of backstores that there are is as it is now.
     *
     * @param present the configuration in use
     * @return empty if nobody has changed it
     * @throws ConfigException if it is torn or missing
     */
    public Optional<Draft> draft(GatewayConfig present) throws ConfigException {
        try {
            byte[] found = read();
            if (Arrays.equals(found, content)) {
                return Optional.empty();
            }
            if (found == null) {
                throw new ConfigException("is missing");
            }
            return Optional.of(new Draft(ConfigJson.read(found, present).config(), found));
        } catch (ConfigException invalid) {
            throw new ConfigException(path + " " + invalid.getMessage() + ", and nothing was changed", invalid);
        } catch (IOException failed) {
            throw new ConfigException(path + " cannot be read: " + failed.getMessage(), failed);
        }
    }

    private byte[] read() throws IOException, ConfigException {
        if (!calls.exists(path)) {
            return null;
        }
        if (calls.size(path) > MAX_BYTES) {
            throw new ConfigException("is larger than " + MAX_BYTES + " bytes");
        }
        return calls.read(path);
    }

    private GatewayConfig firstStart() throws ConfigException {
        if (calls.exists(lastGood)) {
            throw new ConfigException("is missing");
        }
        return GatewayConfig.EMPTY;
    }

    private String remedy() {
        if (!calls.exists(lastGood)) {
            return ": correct it, then restart";
        }
        String other = calls.exists(path) ? "correct it" : "remove that too to begin anew";
        return ": copy " + lastGood.getFileName() + " over it, or " + other + ", then restart";
    }

    /**
     * Replaces the document; returns when it is on stable storage.
     *
     * @throws ConfigException if that failed; the document is as it was
     */
    public void save(GatewayConfig config) throws ConfigException {
        change(config, content, CHANGED);
    }

    /** As {@link #save(GatewayConfig)}, in the place of a draft. */
    public void save(GatewayConfig config, Draft draft) throws ConfigException {
        change(config, draft.bytes(), "is left as it is: use gateway:apply once more");
    }

    private void change(GatewayConfig config, byte[] expected, String otherwise) throws ConfigException {
        byte[] json = ConfigJson.write(config);
        try {
            requireUnchanged(expected, otherwise);
            if (content != null) {
                files.replace(lastGood, ByteBuffer.wrap(content));
            }
            files.replace(path, ByteBuffer.wrap(json));
            if (content == null) {
                keepFirstCopy(json, expected);
            }
            content = json;
        } catch (IOException failed) {
            throw unwritten(failed);
        }
    }

    /**
     * As {@link #save(GatewayConfig)}, with what the document leaves out. That is no change: what the document before the last change
     * says, of which it may be taken, stays.
     */
    public void fillIn(GatewayConfig config) throws ConfigException {
        try {
            requireUnchanged(content, CHANGED);
            replaceKeepingLastGood(config);
        } catch (IOException failed) {
            throw unwritten(failed);
        }
    }

    /** What is completed is no change: the last good document stays the one before the last change, to which an operator goes back. */
    private void replaceKeepingLastGood(GatewayConfig config) throws IOException {
        byte[] json = ConfigJson.write(config);
        files.replace(path, ByteBuffer.wrap(json));
        if (!calls.exists(lastGood)) {
            keepFirstCopy(json, content);
        }
        content = json;
    }

    private void requireUnchanged(byte[] expected, String otherwise) throws IOException, ConfigException {
        if (!Arrays.equals(read(), expected)) {
            throw new ConfigException(path + " was changed by someone else and " + otherwise);
        }
    }

    private ConfigException unwritten(IOException failed) {
        return new ConfigException(path + " cannot be written: " + failed.getMessage(), failed);
    }

    /** Only after the document, or a power loss between the two would look like a document that is gone. */
    private void keepFirstCopy(byte[] json, byte[] before) throws IOException {
        try {
            files.replace(lastGood, ByteBuffer.wrap(json));
        } catch (IOException failed) {
            putBack(before, failed);
            throw failed;
        }
    }

    private void putBack(byte[] before, IOException failed) {
        try {
            if (before == null) {
                files.delete(path);
            } else {
                files.replace(path, ByteBuffer.wrap(before));
            }
        } catch (IOException again) {
            failed.addSuppressed(again);
        }
    }
}
