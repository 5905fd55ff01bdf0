package io.sluice.layer.crypt;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.ability.CryptographicErase;
import io.sluice.backstore.ability.Reconfigure;
import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.Test;

/** The keys of a disk while they are changed or thrown away. */
public class CryptKeysTest extends CryptTestCase {

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

    /** While the configuration is being saved: what is written from then on has the new data key. */
    @Test
    public void erasureWhileTheKeyOfTheOperatorIsBeingChanged() throws Exception {
        Backstore store = opened("format=empty");
        byte[] destroyed = dataKey(KEY);
        Reconfigure.Change change = change(store, ANOTHER);
        await(store.ability(CryptographicErase.class).eraseKey());
        assertTrue("a crash now leaves both", opens(KEY) && opens(ANOTHER));
        byte[] plain = noise(4096);
        write(store, 0, plain);
        await(change.keep());
        assertTrue(!opens(KEY) && opens(ANOTHER));
        assertFalse(Arrays.equals(destroyed, dataKey(ANOTHER)));
        context.putSecret("keyFile", secret(ANOTHER));
        assertArrayEquals(plain, read(opened(), 0, 4096));
    }

    @Test
    public void erasureBeforeAChangeIsUndone() throws Exception {
        Backstore store = opened("format=empty");
        Reconfigure.Change change = change(store, ANOTHER);
        await(store.ability(CryptographicErase.class).eraseKey());
        byte[] plain = noise(4096);
        write(store, 0, plain);
        await(change.undo());
        assertTrue(opens(KEY) && !opens(ANOTHER));
        assertArrayEquals(plain, read(opened(), 0, 4096));
    }

    /** The configuration has the other key already, so that no later header may do without it. */
    @Test
    public void aKeyThatIsSavedCountsThoughTheHeaderCouldNotBeWritten() throws Exception {
        Backstore store = opened("format=empty");
        Reconfigure.Change change = change(store, ANOTHER);
        Path obstacle = header.resolveSibling("disk0.crypt.new");
        Files.createDirectories(obstacle.resolve("full"));
        assertThrows(BackstoreException.class, () -> await(change.keep()));
        Files.delete(obstacle.resolve("full"));
        assertTrue("as before", opens(KEY) && opens(ANOTHER));
        Reconfigure.Change third = change(store, "a third one");
        assertTrue(opens(ANOTHER) && opens("a third one") && !opens(KEY));
        await(third.undo());
        await(store.ability(CryptographicErase.class).eraseKey());
        assertTrue(opens(ANOTHER) && !opens(KEY));
    }

    /** The operator may keep it on another disk. */
    @Test
    public void aLinkToAHeaderStaysOne() throws Exception {
        Path elsewhere = folder.newFolder().toPath().resolve("header");
        opened("format=empty");
        Files.move(header, elsewhere);
        Files.createSymbolicLink(header, elsewhere);
        await(opened().ability(CryptographicErase.class).eraseKey());
        assertTrue(Files.isSymbolicLink(header));
        assertTrue(opens(KEY));
    }

    @Test
    public void aLinkMayBeThereBeforeItsHeader() throws Exception {
        Path elsewhere = folder.newFolder().toPath().resolve("header");
        Files.createSymbolicLink(header, elsewhere);
        opened("format=empty");
        assertTrue(Files.isSymbolicLink(header) && Files.isRegularFile(elsewhere));
        assertTrue(opens(KEY));
    }

    @Test
    public void linksThatLeadNowhereAreRefused() throws Exception {
        Files.createSymbolicLink(header, header);
        assertTrue(refused("format=empty").contains(header.toString()));
    }

    /** Whoever looks for a cipher just when the key is thrown away gets one of the next key, and never one of all zeros. */
    @Test
    public void aKeyThatIsForgottenMakesNoCipher() {
        XtsPool pool = new XtsPool(KeyHeader.random(Xts.KEY_BYTES));
        XtsPool.Worker worker = pool.take();
        pool.wipe();
        worker.giveBack();
        assertNull(pool.take());
        Encryption encryption = new Encryption(KeyHeader.random(Xts.KEY_BYTES));
        encryption.turnTo(KeyHeader.random(Xts.KEY_BYTES));
        encryption.decrypt(0, ByteBuffer.allocateDirect(Xts.UNIT));
        encryption.wipe();
        assertThrows(IllegalStateException.class, () -> encryption.decrypt(0, ByteBuffer.allocateDirect(Xts.UNIT)));
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
        byte[] old = dataKey(KEY);
        await(store.ability(CryptographicErase.class).eraseKey());
        assertFalse(Arrays.equals(plain, read(store, 0, 4096)));
        assertArrayEquals("the blocks stay", cipherText, read(below, 0, 4096));
        assertFalse(Arrays.equals(old, dataKey(KEY)));
        write(store, 0, plain);
        assertArrayEquals(plain, read(opened(), 0, 4096));
        assertEquals(1, folder.getRoot().list().length);
    }

    /** As while the disk is moved: the other one is what is gone on with. */
    @Test
    public void erasureReachesASecondStackOfTheDisk() throws Exception {
        Backstore store = await(provider.open(below, config("format=empty"), context));
        Backstore second = await(provider.open(below, config(), context));
        await(store.ability(CryptographicErase.class).eraseKey());
        byte[] plain = noise(4096);
        write(second, 0, plain);
        assertArrayEquals(plain, read(store, 0, 4096));
        await(store.close());
        await(second.ability(CryptographicErase.class).eraseKey());
        write(second, 0, plain);
        assertArrayEquals(plain, read(second, 0, 4096));
        await(second.close());
        assertArrayEquals(plain, read(opened(), 0, 4096));
    }

    @Test
    public void aSecondStackNeedsTheKeyToo() throws Exception {
        Backstore store = await(provider.open(below, config("format=empty"), context));
        byte[] own = Files.readAllBytes(header);
        context.putSecret("keyFile", secret(ANOTHER));
        assertTrue(secondIsRefused().contains("the key is not the one"));
        Files.delete(header);
        opened("format=empty");
        assertTrue(secondIsRefused().contains("not the one that the disk is open with"));
        Files.write(header, own);
        context.putSecret("keyFile", secret(KEY));
        byte[] plain = noise(512);
        write(store, 0, plain);
        assertArrayEquals(plain, read(await(provider.open(below, config(), context)), 0, 512));
    }

    private String secondIsRefused() {
        return assertThrows(BackstoreException.class, () -> await(provider.open(below, config(), context)))
                .getMessage();
    }

    @Test
    public void aHeaderIsOfOneDisk() throws Exception {
        Backstore store = await(provider.open(below, config("format=empty"), context));
        Path link = folder.getRoot().toPath().resolve("link");
        Files.createSymbolicLink(link, header);
        TestContext another = new TestContext("disk1");
        another.putSecret("keyFile", secret(KEY));
        for (Path same : new Path[] {header, link, folder.getRoot().toPath().resolve("./disk0.crypt")}) {
            BackstoreException refused = assertThrows(
                    BackstoreException.class,
                    () -> await(provider.open(below, config("header=" + same, "format=empty"), another)));
            assertTrue(refused.getMessage(), refused.getMessage().contains("is that of backstore disk0"));
        }
        await(store.close());
        await(provider.open(below, config(), another));
        another.close();
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
}
