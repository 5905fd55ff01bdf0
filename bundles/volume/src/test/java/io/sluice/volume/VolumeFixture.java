package io.sluice.volume;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.After;

/** A volume of 64 blocks whose clock the test moves and whose events come at once. */
public abstract class VolumeFixture {

    static final int BLOCKS = 64;
    static final Duration HOLD = Duration.ofSeconds(20);
    static final Duration DEADLINE = Duration.ofSeconds(30);

    final VolumeRuntime runtime = new VolumeRuntime(Duration.ofHours(1), Runnable::run);
    final Volume volume = new Volume(
            "disk", new BlockGeometry(BLOCKS, MemoryStore.BLOCK), new VolumeSettings(HOLD, 4, DEADLINE), runtime);
    final List<String> events = new ArrayList<>();

    /** What listeners were told before operations got to the last store. */
    boolean told;

    VolumeStatus.State whenTold;

    VolumeFixture() {
        volume.listen(new VolumeListener() {
            @Override
            public void capacityChanged() {
                events.add("capacity");
            }

            @Override
            public void storeGone(String reason) {
                events.add("gone");
            }

            @Override
            public void storeComes(boolean failed) {
                told = failed;
                whenTold = volume.status().state();
            }

            @Override
            public void storeCame(boolean failed) {
                events.add(failed ? "came after failures" : "came");
            }
        });
    }

    @After
    public void closeRuntime() {
        runtime.close();
    }

    /** Lets so much time pass as far as deadlines are concerned. */
    void pass(Duration time) {
        volume.lookAfter(System.nanoTime() + time.toNanos());
    }

    MemoryStore attached() {
        MemoryStore store = MemoryStore.ofBlocks(BLOCKS);
        done(volume.attach(store));
        return store;
    }

    static void done(CompletionStage<?> stage) {
        assertTrue("is over", stage.toCompletableFuture().isDone());
        stage.toCompletableFuture().join();
    }

    static boolean over(CompletionStage<?> stage) {
        return stage.toCompletableFuture().isDone();
    }

    static BackstoreException failure(CompletionStage<?> stage) {
        assertTrue("is over", over(stage));
        CompletionException failed = assertThrows(
                CompletionException.class, () -> stage.toCompletableFuture().join());
        assertTrue(failed.getCause().toString(), failed.getCause() instanceof BackstoreException);
        return (BackstoreException) failed.getCause();
    }

    static void expectNotReady(CompletionStage<?> stage) {
        assertEquals(Fault.NOT_READY, failure(stage).fault());
    }

    CompletionStage<Void> read(long lba) {
        return volume.read(lba, ByteBuffer.allocate(MemoryStore.BLOCK));
    }

    CompletionStage<Void> write(long lba, int value) {
        ByteBuffer block = ByteBuffer.allocate(MemoryStore.BLOCK);
        for (int i = 0; i < MemoryStore.BLOCK; i++) {
            block.put((byte) value);
        }
        return volume.write(lba, new ByteBuffer[] {block.flip()}, Durability.CACHED);
    }
}
