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
import io.sluice.backstore.ability.LentRead;
import io.sluice.config.LayerConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import org.junit.Test;

public class CryptLayerTest extends CryptTestCase {

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
