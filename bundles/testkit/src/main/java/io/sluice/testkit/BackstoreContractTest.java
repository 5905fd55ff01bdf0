package io.sluice.testkit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.Durability;
import io.sluice.backstore.FileRange;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.LentRead;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.Test;

/**
 * What {@link Backstore} and {@code BackstoreProvider} promise, tried on a backend. The test of a backend is a subclass:
 *
 * <pre>{@code
 * public class MyBackstoreContractTest extends BackstoreContractTest {
 *
 *     private final BackstoreProvider provider = new MyBackstoreProvider();
 *
 *     protected BackstoreProvider provider() {
 *         return provider;
 *     }
 *
 *     protected Map<String, String> options() {
 *         return Map.of("volume", "test" + System.nanoTime());
 *     }
 * }
 * }</pre>
 *
 * <p>{@code options()} names new storage with each call. {@code keepsData()} and {@code durable()} say what the store does not
 * keep, {@code traces()} what it leaves behind. Abilities that the store does not offer are left out. Needs JUnit 4.
 */
public abstract class BackstoreContractTest extends AbilityContract {

    /** What "at once" is at most, on a busy machine. */
    private static final long AT_ONCE_SECONDS = 20;

    // The provider

    @Test
    public void providerIntroducesItself() {
        assertTrue(provider().type(), provider().type().matches("[a-z][a-z0-9-]{0,31}"));
        assertFalse(provider().description().isBlank());
        assertFalse(provider().description().contains("\n"));
        List<String> names =
                provider().options().stream().map(BackstoreOption::name).toList();
        assertEquals("an option is listed once", Set.copyOf(names).size(), names.size());
        assertTrue(names.containsAll(options().keySet()));
    }

    @Test
    public void createKeepsWhatWasAskedFor() throws Exception {
        BackstoreConfig asked = asked();
        BackstoreConfig created = await(provider().create(asked, context()));
        assertEquals(asked.sizeBytes(), created.sizeBytes());
        assertEquals(asked.identity(), created.identity());
        Set<String> found = new HashSet<>(created.options().keySet());
        assertTrue(found.removeAll(asked.options().keySet()) || asked.options().isEmpty());
        assertEquals(asked.options().size() + found.size(), created.options().size());
        Set<String> known =
                provider().options().stream().map(BackstoreOption::name).collect(Collectors.toSet());
        assertTrue("what was found out is an option: " + found, known.containsAll(found));
        await(provider().undoCreate(created, context()));
    }

    private ConfigException refused(BackstoreConfig asked) {
        return assertThrows(ConfigException.class, () -> await(provider().create(asked, context())));
    }

    @Test
    public void createNeedsRequiredOptions() {
        Set<String> before = traces();
        for (BackstoreOption option : provider().options()) {
            if (option.required()) {
                Map<String, String> incomplete = new HashMap<>(options());
                incomplete.remove(option.name());
                ConfigException refused = refused(asked(blocks() * blockSize, incomplete));
                assertFalse(refused.getMessage().contains("\n"));
            }
        }
        assertEquals("nothing is left behind", before, traces());
    }

    @Test
    public void createOfNewStorageNeedsSize() {
        Set<String> before = traces();
        ConfigException refused = refused(asked(0, options()));
        assertTrue(refused.getMessage(), refused.getMessage().contains("--size"));
        assertEquals("nothing is left behind", before, traces());
    }

    @Test
    public void undoCreateLeavesNothing() throws Exception {
        Set<String> before = traces();
        BackstoreConfig asked = asked();
        for (int i = 0; i < 2; i++) {
            await(provider().undoCreate(await(provider().create(asked, context())), context()));
            assertEquals(before, traces());
        }
    }

    /** A backstore whose configuration cannot be saved, or a move that is cancelled, has been open. */
    @Test
    public void undoCreateLeavesNothingOfWhatWasOpen() throws Exception {
        Set<String> before = traces();
        BackstoreConfig created = await(provider().create(asked(), context()));
        await(taken(await(provider().open(created, context()))).close());
        await(provider().undoCreate(created, context()));
        assertEquals(before, traces());
    }

    @Test
    public void severalStoresOfOneProvider() throws Exception {
        byte[] written = data(24, 2);
        write(0, written);
        BackstoreConfig other = await(provider().create(asked(), context()));
        Backstore second = taken(await(provider().open(other, context())));
        await(second.write(0, new ByteBuffer[] {direct(data(25, 2))}, Durability.CACHED));
        await(second.close());
        assertHolds(written, 0);
    }

    // Life

    @Test
    public void isHealthyAtFirst() throws Exception {
        assertEquals(BackstoreHealth.HEALTHY, store().health());
        write(0, data(28, 1));
        await(store().flush());
        assertEquals(BackstoreHealth.HEALTHY, store().health());
        assertEquals(List.of(), context().events());
    }

    @Test
    public void closes() throws Exception {
        write(0, data(29, 1));
        closeStore();
    }

    // Who waits

    /** Makes a call while no thread of the context is free. It has to return; what it asked for comes later. */
    private <T> CompletionStage<T> atOnce(String what, Callable<CompletionStage<T>> call) throws Exception {
        FutureTask<CompletionStage<T>> caller = new FutureTask<>(call);
        Thread thread = new Thread(caller, what);
        thread.setDaemon(true);
        thread.start();
        try {
            return caller.get(AT_ONCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException waits) {
            throw new AssertionError(what + " waits in the thread of its caller", waits);
        }
    }

    @Test
    public void providerDoesNotWait() throws Exception {
        context().hold();
        CompletionStage<BackstoreConfig> creating =
                atOnce("create", () -> provider().create(asked(), context()));
        context().release();
        BackstoreConfig created = await(creating);
        context().hold();
        CompletionStage<Backstore> opening = atOnce("open", () -> provider().open(created, context()));
        context().release();
        Backstore opened = await(opening);
        context().hold();
        CompletionStage<Void> closing = atOnce("close", opened::close);
        context().release();
        await(closing);
        context().hold();
        CompletionStage<Void> undoing = atOnce("undoCreate", () -> provider().undoCreate(created, context()));
        context().release();
        await(undoing);
    }

    @Test
    public void operationsDoNotWait() throws Exception {
        Backstore store = store();
        context().hold();
        List<CompletionStage<?>> operations = new ArrayList<>();
        ByteBuffer[] source = {direct(data(30, 8))};
        operations.add(atOnce("read", () -> store.read(0, ByteBuffer.allocateDirect(8 * blockSize))));
        operations.add(atOnce("write", () -> store.write(8, source, Durability.CACHED)));
        operations.add(atOnce("flush", store::flush));
        Unmap unmap = store.ability(Unmap.class);
        if (unmap != null) {
            operations.add(atOnce("unmap", () -> unmap.unmap(16, 8)));
        }
        WriteZeroes zeroes = store.ability(WriteZeroes.class);
        if (zeroes != null) {
            operations.add(atOnce("writeZeroes", () -> zeroes.writeZeroes(24, 8, Durability.CACHED)));
        }
        AllocatedSpace space = store.ability(AllocatedSpace.class);
        if (space != null) {
            operations.add(atOnce("allocatedBytes", space::allocatedBytes));
        }
        ExtentMap map = store.ability(ExtentMap.class);
        if (map != null) {
            operations.add(atOnce("extents", () -> map.extents(0, blocks(), 4)));
        }
        Resize resize = store.ability(Resize.class);
        if (resize != null) {
            operations.add(atOnce("resize", () -> resize.resize(blocks() + 1)));
        }
        context().release();
        for (CompletionStage<?> operation : operations) {
            await(operation);
        }
    }

    /** A thread that is interrupted while it has a file open closes that file for everybody: stores must not do so. */
    @Test
    public void interruptedCallersHarmNothing() throws Exception {
        byte[] written = data(31, 4);
        BackstoreConfig created = await(interrupted(() -> provider().create(asked(), context())));
        Backstore store = taken(await(interrupted(() -> provider().open(created, context()))));
        ByteBuffer[] source = {direct(written)};
        await(interrupted(() -> store.write(0, source, Durability.CACHED)));
        await(interrupted(store::flush));
        Resize resize = store.ability(Resize.class);
        if (resize != null) {
            await(interrupted(() -> resize.resize(blocks() + 1)));
        }
        LentRead lending = store.ability(LentRead.class);
        ByteBuffer seen = ByteBuffer.allocateDirect(written.length);
        await(interrupted(() -> {
            FileRange range = lending == null ? null : lending.lend(0, written.length);
            if (range != null) {
                range.close();
            }
            return store.read(0, seen);
        }));
        assertEquals(ByteBuffer.wrap(kept(written)), seen.clear());
        await(store.write(4, new ByteBuffer[] {direct(written)}, Durability.STABLE));
        assertEquals(BackstoreHealth.HEALTHY, store.health());
        await(store.close());
    }

    private static <T> CompletionStage<T> interrupted(Callable<CompletionStage<T>> call) throws Exception {
        Thread.currentThread().interrupt();
        try {
            return call.call();
        } finally {
            Thread.interrupted();
        }
    }
}
