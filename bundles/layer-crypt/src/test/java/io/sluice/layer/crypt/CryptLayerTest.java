package io.sluice.layer.crypt;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ForwardingBackstore;
import io.sluice.backstore.Secret;
import io.sluice.backstore.ability.CryptographicErase;
import io.sluice.backstore.ability.LentRead;
import io.sluice.backstore.ability.Reconfigure;
import io.sluice.backstore.memory.MemoryBackstoreProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.LayerConfig;
import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class CryptLayerTest {

    private static final int SIZE = 1 << 20;
    private static final String KEY = "correct horse";
    private static final String ANOTHER = "battery staple";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final TestContext context = new TestContext("disk0");
    private final CryptLayerProvider provider = new CryptLayerProvider();
    private Backstore below;
    private Path header;

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

    private static Secret secret(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception known ? known : failed;
        }
    }

    private LayerConfig config(String... more) {
        Map<String, String> options = new HashMap<>(Map.of("keyFile", "key", "header", header.toString()));
        for (String pair : more) {
            int equals = pair.indexOf('=');
            options.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return new LayerConfig("crypt", options);
    }

    private Backstore opened(String... more) throws Exception {
        return await(provider.open(below, config(more), context));
    }

    private String refused(String... more) {
        return assertThrows(BackstoreException.class, () -> opened(more)).getMessage();
    }

    private static byte[] read(Backstore store, long lba, int length) throws Exception {
        ByteBuffer data = ByteBuffer.allocateDirect(length);
        await(store.read(lba, data));
        byte[] bytes = new byte[length];
        data.get(0, bytes);
        return bytes;
    }

    private static void write(Backstore store, long lba, byte[] data) throws Exception {
        await(store.write(lba, new ByteBuffer[] {ByteBuffer.wrap(data)}, Durability.STABLE));
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    public void theStoreBelowHasTheCipherText() throws Exception {
        Backstore store = opened("format=empty");
        byte[] plain = noise(4096);
        write(store, 8, plain);
        byte[] expected = plain.clone();
        KeyHeader.Opened keys = new HeaderFile(header).read().open(KEY.getBytes(StandardCharsets.UTF_8));
        new Xts(keys.dataKey()).encrypt(8, expected, 0, expected.length);
        assertArrayEquals(expected, read(below, 8, 4096));
        assertArrayEquals(plain, read(store, 8, 4096));
        assertNull("bytes of the store below", store.ability(LentRead.class));
    }

    @Test
    public void longOnesInOddPieces() throws Exception {
        Backstore store = opened("format=empty");
        byte[] plain = noise(300 * 512);
        ByteBuffer whole = ByteBuffer.allocateDirect(plain.length).put(plain).flip();
        ByteBuffer[] pieces = {
            whole.slice(0, 1),
            whole.slice(1, 70_000),
            whole.slice(70_001, 0),
            whole.slice(70_001, plain.length - 70_001)
        };
        await(store.write(3, pieces, Durability.CACHED));
        assertArrayEquals(plain, read(store, 3, plain.length));
        assertArrayEquals(Arrays.copyOfRange(plain, 512 * 200, 512 * 201), read(store, 203, 512));
        byte[] unchanged = new byte[plain.length];
        whole.get(0, unchanged);
        assertArrayEquals("what the caller has is as it was", plain, unchanged);
    }

    @Test
    public void wrongKeyIsRefusedBeforeAnythingIsServed() throws Exception {
        opened("format=empty");
        context.putSecret("keyFile", secret(ANOTHER));
        String line = refused();
        assertTrue(line, line.contains("the key is not the one"));
        assertFalse(line, line.contains(ANOTHER));
    }

    @Test
    public void aLostHeaderIsNotMadeAnew() throws Exception {
        opened("format=empty");
        Files.delete(header);
        assertTrue(refused().contains("put it back from a backup"));
        assertFalse(Files.exists(header));
    }

    @Test
    public void aDamagedHeaderIsNoticed() throws Exception {
        opened("format=empty");
        byte[] bytes = Files.readAllBytes(header);
        for (int at = 0; at < bytes.length; at += 7) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 4;
            Files.write(header, damaged);
            String line = refused();
            assertTrue(line, line.contains("cannot be read"));
        }
        for (int length : new int[] {0, 15, 16, 40, bytes.length - 1}) {
            Files.write(header, Arrays.copyOf(bytes, length));
            assertTrue(refused().contains("cannot be read"));
        }
    }

    @Test
    public void dataIsNotEncryptedOver() throws Exception {
        write(below, 2000, noise(512));
        assertTrue(refused("format=empty").contains("--format"));
        assertFalse(Files.exists(header));
        Backstore store = opened("format=discard");
        assertArrayEquals(new byte[512], read(store, 2000, 512));
        assertArrayEquals("nothing of it is left", new byte[512], read(below, 2000, 512));
    }

    /** It may be that of a disk of the same name, or of an attempt that was ended before it was saved. */
    @Test
    public void aHeaderThatLiesThereDoesNotMakeDataNoise() throws Exception {
        opened("format=empty");
        opened("format=empty");
        byte[] plain = noise(512);
        write(below, 2000, plain);
        assertTrue(refused("format=empty").contains("there is data on the disk"));
        assertArrayEquals(plain, read(below, 2000, 512));
        opened();
    }

    @Test
    public void aHeaderIsNeverOverwrittenByAnotherDisk() throws Exception {
        opened("format=empty");
        byte[] before = Files.readAllBytes(header);
        assertTrue(refused("format=discard").contains("is there already"));
        assertArrayEquals(before, Files.readAllBytes(header));
    }

    @Test
    public void onlyTheOwnerReadsTheHeader() throws Exception {
        opened("format=empty");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(header)));
    }

    private Reconfigure.Change change(Backstore store, String key) throws Exception {
        TestContext secrets = new TestContext("disk0");
        secrets.putSecret("keyFile", secret(key));
        return await(store.ability(Reconfigure.class).reconfigure(config(), secrets));
    }

    private boolean opens(String key) throws Exception {
        return new HeaderFile(header).read().open(key.getBytes(StandardCharsets.UTF_8)) != null;
    }

    @Test
    public void anotherKeyOpensTheSameData() throws Exception {
        Backstore store = opened("format=empty");
        byte[] plain = noise(512);
        write(store, 5, plain);
        Reconfigure.Change change = change(store, ANOTHER);
        assertTrue("a crash now leaves both", opens(KEY) && opens(ANOTHER));
        await(change.keep());
        assertTrue(!opens(KEY) && opens(ANOTHER));
        context.putSecret("keyFile", secret(ANOTHER));
        assertArrayEquals(plain, read(opened(), 5, 512));
    }

    @Test
    public void aKeyThatIsNotSavedIsForgotten() throws Exception {
        Backstore store = opened("format=empty");
        await(change(store, ANOTHER).undo());
        assertTrue(opens(KEY) && !opens(ANOTHER));
    }

    /** What the configuration has decides which of two keys stays after a crash between them. */
    @Test
    public void theKeyThatOpensAfterACrashIsTheOnlyOne() throws Exception {
        Backstore store = opened("format=empty");
        change(store, ANOTHER);
        opened();
        assertTrue(opens(KEY) && !opens(ANOTHER));
    }

    @Test
    public void erasureThrowsTheDataKeyAway() throws Exception {
        Backstore store = opened("format=empty");
        byte[] plain = noise(4096);
        write(store, 0, plain);
        byte[] cipherText = read(below, 0, 4096);
        byte[] old = new HeaderFile(header)
                .read()
                .open(KEY.getBytes(StandardCharsets.UTF_8))
                .dataKey();
        await(store.ability(CryptographicErase.class).eraseKey());
        assertFalse(Arrays.equals(plain, read(store, 0, 4096)));
        assertArrayEquals("the blocks stay", cipherText, read(below, 0, 4096));
        byte[] now = new HeaderFile(header)
                .read()
                .open(KEY.getBytes(StandardCharsets.UTF_8))
                .dataKey();
        assertFalse(Arrays.equals(old, now));
        write(store, 0, plain);
        assertArrayEquals(plain, read(opened(), 0, 4096));
        assertEquals(1, folder.getRoot().list().length);
    }

    /** The header is replaced, and then something fails: whoever opens the disk next finds the new one. */
    @Test
    public void whatHasHappenedToTheHeaderHasHappenedInMemoryToo() throws Exception {
        AtomicBoolean failing = new AtomicBoolean();
        CryptLayerProvider provider = new CryptLayerProvider(changed -> {
            if (failing.get()) {
                throw new IOException("on purpose");
            }
        });
        Backstore store = await(provider.open(below, config("format=empty"), context));
        failing.set(true);
        assertFailsLate(store.ability(CryptographicErase.class).eraseKey());
        byte[] plain = noise(4096);
        write(store, 0, plain);
        assertArrayEquals(plain, read(opened(), 0, 4096));
        failing.set(false);
        Reconfigure.Change change = change(store, ANOTHER);
        failing.set(true);
        assertFailsLate(change.keep());
        failing.set(false);
        await(change(store, "a third one").undo());
        assertTrue("the second one counts", opens(ANOTHER) && !opens(KEY) && !opens("a third one"));
        context.putSecret("keyFile", secret(ANOTHER));
        assertArrayEquals(plain, read(opened(), 0, 4096));
    }

    private static void assertFailsLate(CompletionStage<Void> stage) {
        BackstoreException failed = assertThrows(BackstoreException.class, () -> await(stage));
        assertTrue(failed.getMessage(), failed.getMessage().endsWith("cannot be written: on purpose"));
    }

    @Test
    public void aCommandPrintsTheKey() throws Exception {
        Map<String, String> options = Map.of("keyCommand", "echo " + KEY, "header", header.toString());
        LayerConfig byCommand = new LayerConfig("crypt", options);
        opened("format=empty");
        assertNotNull(await(provider.open(below, byCommand, context)));
    }

    @Test
    public void commandsThatPrintNoKey() {
        for (String wrong : new String[] {"exit 3", "echo short", "yes", "no-such-command-here"}) {
            Map<String, String> options = Map.of("keyCommand", wrong, "header", header.toString());
            LayerConfig byCommand = new LayerConfig("crypt", options);
            BackstoreException refused = assertThrows(
                    wrong, BackstoreException.class, () -> await(provider.open(below, byCommand, context)));
            assertFalse(refused.getMessage(), refused.getMessage().contains("\n"));
        }
    }

    @Test
    public void oneWayToTheKeyIsNeeded() {
        assertTrue(refused("keyCommand=echo 12345678").contains("one of"));
        LayerConfig none = new LayerConfig("crypt", Map.of());
        assertThrows(BackstoreException.class, () -> await(provider.open(below, none, context)));
    }
}
