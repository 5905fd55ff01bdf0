package io.sluice.manager;

import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.BackstoreStatus;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The disks that a gateway has of a {@link BytesProvider}. */
final class BytesDisks {

    /** What a flush answers that has lost something. */
    static final CompletableFuture<Void> LOST =
            CompletableFuture.failedFuture(new BackstoreException(Fault.WRITE_FAILED, "the power was gone"));

    private final GatewayFixture fixture;
    private final BytesProvider bytes;

    BytesDisks(GatewayFixture fixture, BytesProvider bytes) {
        this.fixture = fixture;
        this.bytes = bytes;
    }

    /** The bundle comes. */
    void come() {
        fixture.gateway.addProvider(bytes).toCompletableFuture().join();
    }

    void create(String name, String place, int size) throws ConfigException {
        fixture.gateway.createBackstore(new BackstoreRequest(
                name, "bytes", size, 512, 0, false, false, false, false, 0, Map.of("place", place)));
    }

    BackstoreConfig config(String name) {
        return fixture.gateway.config().backstore(name).orElseThrow();
    }

    void write(String name, long lba, int value) {
        byte[] block = new byte[512];
        Arrays.fill(block, (byte) value);
        fixture.volume(name)
                .write(lba, new ByteBuffer[] {ByteBuffer.wrap(block)}, Durability.CACHED)
                .toCompletableFuture()
                .join();
    }

    /** A flush of a disk fails, and all later ones succeed, as those of the system do. */
    void loseAFlush(String name, String place) {
        bytes.flushes.put(place, () -> LOST);
        flushFails(name);
        bytes.flushes.clear();
    }

    private void flushFails(String name) {
        CompletionException failed = assertThrows(
                CompletionException.class,
                () -> fixture.volume(name).flush().toCompletableFuture().join());
        assertTrue(failed.toString(), failed.getMessage().contains("the power was gone"));
    }

    void isReadOnly(String name) throws Exception {
        Eventually.isEqual(BackstoreStatus.State.READ_ONLY, () -> fixture.stateOf(name));
        flushFails(name);
    }

    void isOnline(String name) throws Exception {
        Eventually.isEqual(BackstoreStatus.State.ONLINE, () -> fixture.stateOf(name));
    }
}
