package io.sluice.testkit;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assume.assumeTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ability.Takeover;
import io.sluice.config.BackstoreConfig;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.After;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;

/**
 * A store of a backend under test, and what a backend has to tell about itself. Every test runs for two block sizes.
 *
 * <p>A subclass says in {@link #provider} what is tried and in {@link #options} how storage of it is configured; the other
 * protected methods have answers that fit a store that keeps what is written.
 */
@RunWith(Parameterized.class)
public abstract class BackstoreFixture {

    private static final long WAIT_SECONDS = 60;

    /** Bytes in a logical block. */
    @Parameter
    public int blockSize;

    private final TestContext context = new TestContext("disk0");
    private BackstoreConfig config;
    private Backstore store;

    /** Returns the block sizes. */
    @Parameters(name = "{0}")
    public static Object[] blockSizes() {
        return new Object[] {512, 4096};
    }

    /** Returns the provider under test; the same one during a test. */
    protected abstract BackstoreProvider provider();

    /** Returns the options for new storage that nothing else uses. */
    protected abstract Map<String, String> options();

    /** Returns whether what is written can be read; otherwise reads give zeros. */
    protected boolean keepsData() {
        return true;
    }

    /** Returns whether data outlives the store that is closed. */
    protected boolean durable() {
        return true;
    }

    /** Returns the names of what the provider has made so far, such as files. */
    protected Set<String> traces() {
        return new TreeSet<>();
    }

    /** Returns what the store lives with. */
    protected final TestContext context() {
        return context;
    }

    /** Flushes and releases what the test has opened, and its threads. */
    @After
    public final void closeAll() throws Exception {
        context.release();
        closeStore();
        context.close();
    }

    /** Flushes and releases the store, if it is open. */
    protected final void closeStore() throws Exception {
        if (store != null) {
            Backstore open = store;
            store = null;
            await(open.close());
        }
    }

    /** An odd number of blocks: the last lies in no full cluster, chunk or page of any store. */
    protected final long blocks() {
        return (20L << 20) / blockSize + 1;
    }

    protected final BackstoreConfig asked(long sizeBytes, Map<String, String> options) {
        return BackstoreConfig.builder("disk0", provider().type())
                .sizeBytes(sizeBytes)
                .thin(true)
                .blockSize(blockSize)
                .physicalBlockSize(4096)
                .options(options)
                .build();
    }

    protected final BackstoreConfig asked() {
        return asked(blocks() * blockSize, options());
    }

    /** Returns the open store, made with the first call. */
    protected final Backstore store() throws Exception {
        if (store == null) {
            config = await(provider().create(asked(), context));
            store = opened();
        }
        return store;
    }

    protected final void reopen() throws Exception {
        closeStore();
        store = opened();
    }

    /** As {@link #reopen}, and leaves the right to the blocks to others, if there may be others. */
    protected final void reopenWithoutTaking() throws Exception {
        closeStore();
        store = await(provider().open(config, context));
    }

    private Backstore opened() throws Exception {
        return taken(await(provider().open(config, context)));
    }

    /** Takes the right to the blocks of a store, if there may be others who have it. */
    protected static Backstore taken(Backstore open) throws Exception {
        Takeover takeover = open.ability(Takeover.class);
        if (takeover != null) {
            await(takeover.take(false));
        }
        return open;
    }

    /** Returns a way in which the store can do something, and leaves the test out if there is none. */
    protected final <A> A able(Class<A> kind) throws Exception {
        A ability = store().ability(kind);
        assumeTrue(kind.getSimpleName() + " is not offered", ability != null);
        return ability;
    }

    /** Returns the result of an operation, or throws what it failed with. */
    protected static <T> T await(CompletionStage<T> operation) throws Exception {
        try {
            return operation.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        } catch (TimeoutException stuck) {
            throw new AssertionError("an operation was not completed", stuck);
        }
    }

    /** Bytes that differ from block to block and from seed to seed, and are never zero. */
    protected final byte[] data(long seed, long count) {
        byte[] bytes = new byte[(int) (count * blockSize)];
        new Random(seed).nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] |= 1;
        }
        return bytes;
    }

    protected static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    protected final void write(long lba, byte[] bytes) throws Exception {
        await(store().write(lba, new ByteBuffer[] {direct(bytes)}, Durability.CACHED));
    }

    protected final byte[] read(long lba, long count) throws Exception {
        ByteBuffer destination = ByteBuffer.allocateDirect((int) (count * blockSize));
        await(store().read(lba, destination));
        byte[] bytes = new byte[destination.capacity()];
        destination.clear().get(bytes);
        return bytes;
    }

    /** What a read gives after bytes were written. */
    protected final byte[] kept(byte[] written) {
        return keepsData() ? written : new byte[written.length];
    }

    /** Asserts that blocks hold what was written. */
    protected final void assertHolds(byte[] written, long lba) throws Exception {
        assertArrayEquals("blocks from " + lba, kept(written), read(lba, written.length / blockSize));
    }

    protected final void assertZeros(long lba, long count) throws Exception {
        assertArrayEquals("blocks from " + lba, new byte[(int) (count * blockSize)], read(lba, count));
    }

    /** The blocks from {@code first} of an image. */
    protected final byte[] slice(byte[] image, long first, long count) {
        return Arrays.copyOfRange(image, (int) (first * blockSize), (int) ((first + count) * blockSize));
    }
}
