package io.sluice.manager.volume;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.ability.Reconfigure;
import io.sluice.config.LayerConfig;
import io.sluice.testkit.VolatileBackstore;
import io.sluice.volume.StoreContext;
import io.sluice.volume.StoreThreads;
import io.sluice.volume.Volume;
import io.sluice.volume.VolumeRuntime;
import io.sluice.volume.VolumeSettings;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

public class LiveLayerTest {

    private static final BlockGeometry GEOMETRY = new BlockGeometry(64, 512);
    private static final LayerConfig SETTINGS = new LayerConfig("fake", Map.of());

    private final StoreThreads threads = new StoreThreads();
    private final VolumeRuntime runtime = new VolumeRuntime();
    private final CountDownLatch kept = new CountDownLatch(1);
    private final CountDownLatch saving = new CountDownLatch(1);
    private final CompletableFuture<Void> saved = new CompletableFuture<>();
    private final Reconfigure able = (settings, context) -> CompletableFuture.completedFuture(new Change());
    private Volume volume;
    private LiveLayer layer;

    private final class Change implements Reconfigure.Change {
        @Override
        public CompletionStage<Void> keep() {
            kept.countDown();
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> undo() {
            return Backstore.done();
        }
    }

    @Before
    public void open() throws Exception {
        Backstore store = new VolatileBackstore(GEOMETRY);
        StoreContext context = new StoreContext(threads, "disk0", Map.of(), event -> {});
        ContainedStore open = new ContainedStore(store, null, context, new EventRelay(event -> {}));
        volume = new Volume("disk0", store.geometry(), VolumeSettings.DEFAULTS, runtime);
        await(volume.attach(open));
        layer = new LiveLayer(open, volume, threads);
    }

    @After
    public void close() {
        runtime.close();
        threads.close();
    }

    private static void await(CompletionStage<Void> stage) throws Exception {
        stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private CompletionStage<Void> save() {
        saving.countDown();
        return saved;
    }

    /** The disk of the configuration may hang while that of the blocks is well. */
    @Test
    public void whatIsWrittenDownIsNoOperationOfTheStore() throws Exception {
        CompletionStage<Void> changed = layer.become(able, SETTINGS, this::save);
        assertTrue(saving.await(30, TimeUnit.SECONDS));
        assertEquals("no deadline is for it", 0, volume.status().running());
        CompletionStage<Void> closed = volume.detach("away");
        await(volume.attach(new VolatileBackstore(GEOMETRY)));
        await(volume.read(0, ByteBuffer.allocate(512)));
        assertFalse("but it is not closed", closed.toCompletableFuture().isDone());
        saved.complete(null);
        await(changed);
        assertEquals(0, kept.getCount());
        await(closed);
    }
}
