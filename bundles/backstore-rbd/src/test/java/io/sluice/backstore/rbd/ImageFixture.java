package io.sluice.backstore.rbd;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.testkit.TestContext;
import io.sluice.testkit.ceph.CephCluster;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestRule;
import org.junit.rules.TestWatcher;
import org.junit.runner.Description;

/** A new image for each test, in a cluster of the class, and two gateways that may open it. */
public abstract class ImageFixture {

    @ClassRule
    public static final CephCluster CEPH = new CephCluster(CephCluster.Store.MEMORY);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final TestRule reporting = new TestWatcher() {
        @Override
        protected void failed(Throwable failure, Description test) {
            System.err.println(test.getMethodName() + " has failed: " + CEPH.report());
        }
    };

    static final int BLOCK = 4096;
    static final long SIZE = 64L << 20;
    static final Duration SOON = Duration.ofSeconds(120);

    final TestContext context = new TestContext("disk0");
    final TestContext otherContext = new TestContext("disk1");
    final BackstoreProvider gateway = new RbdBackstoreProvider();
    final BackstoreProvider otherGateway = new RbdBackstoreProvider();
    final List<Backstore> open = new ArrayList<>();
    final String image = "image" + System.nanoTime();
    BackstoreConfig config;

    @Before
    public void makeImage() throws Exception {
        config = await(gateway.create(asked(SIZE, false), context));
    }

    @After
    public void closeAll() throws Exception {
        for (Backstore store : open) {
            await(store.close());
        }
        context.close();
        otherContext.close();
    }

    BackstoreConfig asked(long size, boolean readOnly, String... more) {
        Map<String, String> options =
                new HashMap<>(Map.of("image", image, "conf", CEPH.conf().toString()));
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        return BackstoreConfig.builder("disk0", "rbd")
                .sizeBytes(size)
                .blockSize(BLOCK)
                .readOnly(readOnly)
                .options(options)
                .build();
    }

    Backstore open(BackstoreConfig wanted) throws Exception {
        return open(gateway, wanted, context);
    }

    Backstore open(BackstoreProvider provider, BackstoreConfig wanted, TestContext with) throws Exception {
        Backstore store = await(provider.open(wanted, with));
        open.add(store);
        return store;
    }

    void close(Backstore store) throws Exception {
        open.remove(store);
        await(store.close());
    }

    static <T> T await(CompletionStage<T> operation) throws Exception {
        try {
            return operation.toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }

    static BackstoreException failure(Fault fault, CompletionStage<?> operation) {
        BackstoreException failed = assertThrows(BackstoreException.class, () -> await(operation));
        assertEquals(failed.getMessage(), fault, failed.fault());
        assertFalse(failed.getMessage(), failed.getMessage().contains("\n"));
        return failed;
    }

    static ByteBuffer[] data(int value) {
        byte[] bytes = new byte[BLOCK];
        java.util.Arrays.fill(bytes, (byte) value);
        return new ByteBuffer[] {ByteBuffer.allocateDirect(BLOCK).put(bytes).flip()};
    }

    static void write(Backstore store, long lba, int value) throws Exception {
        await(store.write(lba, data(value), Durability.STABLE));
    }

    static int read(Backstore store, long lba) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocateDirect(BLOCK);
        await(store.read(lba, bytes));
        return bytes.get(BLOCK - 1);
    }

    static void eventually(String what, BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(what, System.nanoTime() < deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
