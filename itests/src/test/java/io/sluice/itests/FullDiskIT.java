package io.sluice.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A file system that fills up under a thin disk: what initiators and operators see, and that it ends when there is room. */
public class FullDiskIT {

    private static final int BLOCK = 512;
    private static final int PIECE = 128 << 10;
    private static final int GOOD = 0;

    /** DATA PROTECT, SPACE ALLOCATION FAILED WRITE PROTECT (SBC-4 4.7.3.6). */
    private static final int NO_SPACE = 0x072707;

    private static final int INTERNAL_TARGET_FAILURE = 0x044400;

    private final Sluice sluice = new Sluice().light();
    private final List<Path> mounted = new ArrayList<>();
    private Path volumes;
    private Path settings;

    @Before
    public void mountSmallFileSystems() throws IOException {
        sluice.prepare();
        volumes = mount(sluice.folder().resolve("volumes"), "24m");
        settings = mount(sluice.etc(), "20m");
        sluice.environment("SLUICE_STATE", settings.resolve("state").toString());
        sluice.start().expectSuccess();
    }

    private Path mount(Path folder, String size) throws IOException {
        Files.createDirectories(folder);
        Tool.Result mount = Tool.run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
        if (mount.exit() != 0) {
            System.out.println("FullDiskIT is skipped: this machine allows no mount: " + mount.output());
        }
        assumeTrue("a mount is allowed", mount.exit() == 0);
        mounted.add(folder);
        return folder;
    }

    @After
    public void unmount() throws IOException {
        if (!mounted.isEmpty()) {
            sluice.after();
            for (Path folder : mounted) {
                Tool.run("umount", folder.toString()).expectSuccess();
            }
        }
    }

    @Test
    public void isSaidAndEndsByItselfWhenThereIsRoom() throws Exception {
        Path ballast = volumes.resolve("ballast");
        Files.write(ballast, new byte[8 << 20]);
        sluice.console("target:create " + Sluice.TARGET + " --file thin.img --size 64M");
        try (TestInitiator initiator = logIn(sluice)) {
            int written = fill(initiator);
            assertEquals(
                    "what was written before can be changed",
                    GOOD,
                    write(initiator, 0, 9).status());
            anAtomicWriteIsNotBegun(initiator, written);
            assertTrue(sluice.console("backstore:list").contains("full"));
            String status = sluice.script("client", "gateway:status").output();
            assertTrue(status, status.contains("no space is left on the file system of"));
            assertTrue(status, status.contains("make room"));
            Files.delete(ballast);
            sluice.console("backstore:list");
            awaitOnline();
            assertEquals(GOOD, write(initiator, written, 7).status());
            assertEquals("every piece is as it was written", 0, differences(initiator, written));
        }
        assertTrue(sluice.log().contains("there is room again"));
    }

    /** One file system has all of it, as where nobody has thought of it. */
    @Test
    public void whereItIsThatOfAllElseStatusSaysItAndAStartServesWhatIsThere() throws Exception {
        sluice.stop().expectSuccess();
        Path one = mount(sluice.folder().resolve("one"), "48m");
        sluice.environment("SLUICE_VOLUMES", one.resolve("volumes").toString());
        sluice.environment("SLUICE_STATE", one.resolve("state").toString());
        sluice.environment("KARAF_ETC", one.resolve("etc").toString());
        sluice.environment("KARAF_DATA", one.resolve("data").toString());
        Files.createDirectories(one.resolve("volumes"));
        sluice.start().expectSuccess();
        sluice.console("target:create " + Sluice.TARGET + " --file thin.img --size 64M");
        int written;
        try (TestInitiator initiator = logIn(sluice)) {
            written = fill(initiator);
            fill(one);
            awaitProblem();
        }
        sluice.stop().expectSuccess();
        fill(one.resolve("etc"));
        Tool.Result again = sluice.start();
        assertTrue(again.output(), again.output().contains("only 0 MiB are free"));
        assertEquals(again.output(), 0, again.exit());
        try (TestInitiator initiator = logIn(sluice)) {
            byte[] found = initiator
                    .execute(0, Cdb.read10(PIECE / BLOCK, PIECE / BLOCK), null, PIECE)
                    .expectGood();
            assertEquals("reads go on", PIECE, count(found, 1));
            unmap(initiator, 2, 16).expectGood();
            assertEquals(GOOD, write(initiator, written, 7).status());
        }
    }

    private static ScsiResult unmap(TestInitiator initiator, int piece, int count) throws IOException {
        byte[] list = ByteBuffer.allocate(24)
                .putShort((short) 22)
                .putShort((short) 16)
                .putInt(0)
                .putLong((long) piece * PIECE / BLOCK)
                .putInt(count * PIECE / BLOCK)
                .array();
        return initiator.execute(0, Cdb.hex("42 00 00 00 00 00 00 00 18 00"), list, 0);
    }

    /** The gateway looks each second. */
    private void awaitProblem() throws Exception {
        long deadline = System.nanoTime() + 20_000_000_000L;
        Tool.Result status = sluice.script("status");
        while (!status.output().contains("no space is left")) {
            assertTrue(status.output(), System.nanoTime() < deadline);
            status = sluice.script("status");
        }
        assertEquals(status.output(), 2, status.exit());
    }

    private static TestInitiator logIn(Sluice sluice) throws IOException {
        TestInitiator initiator = TestInitiator.connect(sluice.portal()).login(Sluice.TARGET);
        while (initiator.execute(0, new byte[6], null, 0).status() != GOOD) {
            // One unit attention after the other.
        }
        return initiator;
    }

    /** Takes the last byte of a file system. */
    private static Path fill(Path folder) throws IOException {
        Path ballast = folder.resolve("ballast");
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(new byte[BLOCK]);
            }
        } catch (IOException full) {
            assertTrue(full.getMessage(), full.getMessage().contains("No space left"));
        }
        return ballast;
    }

    private static ScsiResult register(TestInitiator initiator, int key) throws IOException {
        byte[] list = ByteBuffer.allocate(24)
                .putLong(0)
                .putLong(key)
                .put(20, (byte) 1)
                .array();
        return initiator.execute(0, Cdb.hex("5f 06 00 00 00 00 00 00 18 00"), list, 0);
    }

    private static int keys(TestInitiator initiator) throws IOException {
        byte[] list = initiator
                .execute(0, Cdb.hex("5e 00 00 00 00 00 00 10 00 00"), null, 4096)
                .data();
        return list[7] / 8;
    }

    private static ScsiResult saveModePages(TestInitiator initiator, int flags) throws IOException {
        byte[] list = new byte[24];
        list[4] = 0x08;
        list[5] = 0x12;
        list[6] = (byte) flags;
        return initiator.execute(0, Cdb.hex("15 11 00 00 18 00"), list, 0);
    }

    private static ScsiResult writeAtomic(TestInitiator initiator, long lba, int blocks, int value) throws IOException {
        byte[] data = new byte[blocks * BLOCK];
        Arrays.fill(data, (byte) value);
        byte[] cdb = Cdb.sixteen(0x9C, 0, lba, 0);
        cdb[12] = (byte) (blocks >> Byte.SIZE);
        cdb[13] = (byte) blocks;
        return initiator.execute(0, cdb, data, 0);
    }

    /** Half of the blocks have space, and the other half would need some. */
    private static void anAtomicWriteIsNotBegun(TestInitiator initiator, int written) throws IOException {
        long hole = (long) written * PIECE / BLOCK;
        while (initiator
                        .execute(0, Cdb.write10(hole, 8), new byte[8 * BLOCK], 0)
                        .status()
                == GOOD) {
            // The write that has found no space has got so far.
            hole += 8;
        }
        long lba = hole - 8;
        byte[] before =
                initiator.execute(0, Cdb.read10(lba, 16), null, 16 * BLOCK).expectGood();
        writeAtomic(initiator, lba, 16, 77).expectSense(NO_SPACE);
        byte[] after =
                initiator.execute(0, Cdb.read10(lba, 16), null, 16 * BLOCK).expectGood();
        assertArrayEquals("all blocks of an atomic write are as they were", before, after);
    }

    @Test
    public void withoutRoomForSettingsNothingIsChangedAndAllElseGoesOn() throws Exception {
        sluice.console("target:create " + Sluice.TARGET + " --file thin.img --size 1M");
        String another = "target:create iqn.2026-11.io.sluice:another --file another.img --size 1M";
        try (TestInitiator initiator = logIn(sluice)) {
            saveModePages(initiator, 0x04).expectGood();
            byte[] document = Files.readAllBytes(settings.resolve("gateway.json"));
            Path ballast = fill(settings);
            register(initiator, 7).expectSense(INTERNAL_TARGET_FAILURE);
            assertEquals(0, keys(initiator));
            saveModePages(initiator, 0).expectSense(INTERNAL_TARGET_FAILURE);
            assertEquals("data needs no settings", GOOD, write(initiator, 0, 5).status());
            writeAtomic(initiator, 0, 8, 6).expectSense(INTERNAL_TARGET_FAILURE);
            byte[] kept =
                    initiator.execute(0, Cdb.read10(0, 8), null, 8 * BLOCK).data();
            assertEquals("all blocks are as they were", 8 * BLOCK, count(kept, 5));
            Tool.Result refused = sluice.script("client", another).expectFailure();
            assertTrue(refused.output(), refused.output().contains("No space left on device"));
            assertEquals(refused.output(), 1, refused.lines().size());
            assertArrayEquals(document, Files.readAllBytes(settings.resolve("gateway.json")));
            assertFalse("no disk is left", Files.exists(volumes.resolve("another.img")));
            Files.delete(ballast);
            register(initiator, 8).expectGood();
            saveModePages(initiator, 0).expectGood();
            writeAtomic(initiator, 0, 8, 6).expectGood();
        }
        sluice.console(another);
    }

    private static int count(byte[] data, int value) {
        int count = 0;
        for (byte each : data) {
            count += each == value ? 1 : 0;
        }
        return count;
    }

    /** Writes piece after piece until there is no space, and returns how many there are. */
    private static int fill(TestInitiator initiator) throws IOException {
        for (int piece = 0; piece < (64 << 20) / PIECE; piece++) {
            ScsiResult result = write(initiator, piece, piece);
            if (result.status() != GOOD) {
                result.expectSense(NO_SPACE);
                write(initiator, piece, piece).expectSense(NO_SPACE);
                return piece;
            }
        }
        throw new AssertionError("the file system never filled up");
    }

    private static ScsiResult write(TestInitiator initiator, int piece, int value) throws IOException {
        byte[] data = new byte[PIECE];
        Arrays.fill(data, (byte) value);
        return initiator.execute(0, Cdb.write10((long) piece * PIECE / BLOCK, PIECE / BLOCK), data, 0);
    }

    private static int differences(TestInitiator initiator, int written) throws IOException {
        int differences = 0;
        for (int piece = 0; piece <= written; piece++) {
            int value = piece == 0 ? 9 : piece == written ? 7 : piece;
            byte[] expected = new byte[PIECE];
            Arrays.fill(expected, (byte) value);
            byte[] found = initiator
                    .execute(0, Cdb.read10((long) piece * PIECE / BLOCK, PIECE / BLOCK), null, PIECE)
                    .data();
            differences += Arrays.equals(expected, found) ? 0 : 1;
        }
        return differences;
    }

    /** The first list asks in the background, and a later one tells. */
    private void awaitOnline() throws IOException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!sluice.console("backstore:list").contains("online")) {
            assertTrue("online in time", System.nanoTime() < deadline);
        }
    }
}
