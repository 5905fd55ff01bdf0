package io.sluice.manager.document;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What outlives the process of a move: where to, how fast, and after a clean stop what is left to copy. Without that, which is
 * used once, everything is compared again. Guarded by its owner.
 */
public final class MoveFiles {

    private static final int MOST_BYTES = 1 << 20;

    private final Path order;
    private final Path dirty;
    private final FileCalls calls = FileCalls.MACHINE;
    private final AtomicFiles files = new AtomicFiles(calls);

    /**
     * @param folder where states are
     * @param naa designator of the unit
     */
    public MoveFiles(Path folder, String naa) {
        order = folder.toAbsolutePath().resolve(naa + ".move");
        dirty = folder.toAbsolutePath().resolve(naa + ".dirty");
    }

    /**
     * What has been begun.
     *
     * @param to the configuration on the new storage
     * @param bytesPerSecond how fast it may be
     */
    public record Order(BackstoreConfig to, long bytesPerSecond) {}

    /** Returns the file with the order: as long as it is there, the move goes on with the next start. */
    public Path order() {
        return order;
    }

    /** Keeps an order; returns when it is on stable storage. */
    public void save(Order begun) throws IOException {
        byte[] document = ConfigJson.write(GatewayConfig.EMPTY.withBackstores(List.of(begun.to())));
        byte[] rate = (begun.bytesPerSecond() + "\n").getBytes(StandardCharsets.UTF_8);
        files.replace(order, ByteBuffer.wrap(rate), ByteBuffer.wrap(document));
    }

    /**
     * Returns the order that was kept, or null if there is none.
     *
     * @throws IOException if it cannot be read
     */
    public Order load() throws IOException {
        if (!calls.exists(order)) {
            return null;
        }
        if (calls.size(order) > MOST_BYTES) {
            throw new IOException(order + " is larger than " + MOST_BYTES + " bytes");
        }
        byte[] bytes = calls.read(order);
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        try {
            long rate = Long.parseLong(new String(bytes, 0, end, StandardCharsets.UTF_8));
            byte[] document = Arrays.copyOfRange(bytes, Math.min(end + 1, bytes.length), bytes.length);
            return new Order(
                    ConfigJson.read(document, GatewayConfig.EMPTY)
                            .config()
                            .backstores()
                            .get(0),
                    rate);
        } catch (ConfigException | IllegalArgumentException | IndexOutOfBoundsException invalid) {
            throw new IOException(order + " is not valid: " + invalid.getMessage() + ": remove it", invalid);
        }
    }

    /** Keeps what is left to copy, when nobody writes any more. */
    public void saveDirty(byte[] map) throws IOException {
        CRC32C sum = new CRC32C();
        sum.update(map);
        files.replace(dirty, ByteBuffer.allocate(Long.BYTES).putLong(0, sum.getValue()), ByteBuffer.wrap(map));
    }

    /** Returns what is left to copy, once; null if that is not known. */
    public byte[] takeDirty() throws IOException {
        if (!calls.exists(dirty)) {
            return null;
        }
        byte[] bytes = calls.read(dirty);
        files.delete(dirty);
        if (bytes.length < Long.BYTES) {
            return null;
        }
        byte[] map = Arrays.copyOfRange(bytes, Long.BYTES, bytes.length);
        CRC32C sum = new CRC32C();
        sum.update(map);
        return ByteBuffer.wrap(bytes).getLong() == sum.getValue() ? map : null;
    }

    /** The move is over. What was left to copy goes first: no later move may find it. */
    public void delete() throws IOException {
        files.delete(dirty);
        files.delete(order);
    }
}
