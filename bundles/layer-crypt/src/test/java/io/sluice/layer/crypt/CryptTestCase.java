package io.sluice.layer.crypt;

import static org.junit.Assert.assertThrows;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ForwardingBackstore;
import io.sluice.backstore.Secret;
import io.sluice.backstore.ability.Reconfigure;
import io.sluice.backstore.memory.MemoryBackstoreProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.LayerConfig;
import io.sluice.testkit.TestContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;

/** A store in memory, and layers that are opened on it. */
public abstract class CryptTestCase {

    private static final int SIZE = 1 << 20;
    static final String KEY = "correct horse";
    static final String ANOTHER = "battery staple";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    final TestContext context = new TestContext("disk0");
    final CryptLayerProvider provider = new CryptLayerProvider();
    Backstore below;
    Path header;

    /** A store that stays open when the layer over it is closed. */
    private static final class Lasting extends ForwardingBackstore {
        Lasting(Backstore store) {
            super(store);
        }

        @Override
        protected boolean passes(Class<?> ability) {
            return true;
        }

        @Override
        public CompletionStage<Void> close() {
            return Backstore.done();
        }
    }

    @Before
    public void open() throws Exception {
        BackstoreConfig config =
                BackstoreConfig.builder("disk0", "memory").sizeBytes(SIZE).build();
        below = new Lasting(await(new MemoryBackstoreProvider().open(config, context)));
        header = folder.getRoot().toPath().resolve("disk0.crypt");
        context.putSecret("keyFile", secret(KEY));
    }

    @After
    public void close() {
        context.close();
    }

    static Secret secret(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception known ? known : failed;
        }
    }

    LayerConfig config(String... more) {
        Map<String, String> options = new HashMap<>(Map.of("keyFile", "key", "header", header.toString()));
        for (String pair : more) {
            int equals = pair.indexOf('=');
            options.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return new LayerConfig("crypt", options);
    }

    /** As by another process. */
    Backstore opened(String... more) throws Exception {
        return await(new CryptLayerProvider().open(below, config(more), context));
    }

    String refused(String... more) {
        return assertThrows(BackstoreException.class, () -> opened(more)).getMessage();
    }

    static byte[] read(Backstore store, long lba, int length) throws Exception {
        ByteBuffer data = ByteBuffer.allocateDirect(length);
        await(store.read(lba, data));
        byte[] bytes = new byte[length];
        data.get(0, bytes);
        return bytes;
    }

    static void write(Backstore store, long lba, byte[] data) throws Exception {
        await(store.write(lba, new ByteBuffer[] {ByteBuffer.wrap(data)}, Durability.STABLE));
    }

    static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    Reconfigure.Change change(Backstore store, String key) throws Exception {
        TestContext secrets = new TestContext("disk0");
        secrets.putSecret("keyFile", secret(key));
        return await(store.ability(Reconfigure.class).reconfigure(config(), secrets));
    }

    boolean opens(String key) throws Exception {
        return new HeaderFile(header).read().open(key.getBytes(StandardCharsets.UTF_8)) != null;
    }

    byte[] dataKey(String key) throws Exception {
        return new HeaderFile(header)
                .read()
                .open(key.getBytes(StandardCharsets.UTF_8))
                .dataKey();
    }
}
