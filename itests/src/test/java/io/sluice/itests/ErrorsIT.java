package io.sluice.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/** System calls of the running gateway fail: what initiators and operators see, and that nobody else sees anything. */
public class ErrorsIT {

    private static final String BAD = "iqn.2026-11.io.sluice:bad";
    private static final String WELL = "iqn.2026-11.io.sluice:well";
    private static final int BLOCKS = 8;
    private static final int GOOD = 0;
    private static final int WRITE = 0x2A;
    private static final int FUA = 0x08;
    private static final int TRIES = 20;

    private static final int WRITE_ERROR = 0x030C00;
    private static final int READ_ERROR = 0x031100;
    private static final int NO_SPACE = 0x072707;
    private static final int INTERNAL_TARGET_FAILURE = 0x044400;

    private static final String ALL_WRITES = "pwrite64,pwritev";
    private static final String ALL_READS = "pread64,preadv,preadv2,sendfile";

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    private static String impossible;
    private TestInitiator bad;
    private TestInitiator well;

    @BeforeClass
    public static void makeTwoDisks() throws IOException {
        SLUICE.console("target:create " + BAD + " --file bad.img --size 16M");
        SLUICE.console("target:create " + WELL + " --file well.img --size 16M");
        try {
            failing("fdatasync", "error=EIO").close();
            impossible = null;
        } catch (IOException refused) {
            impossible = refused.getMessage();
            System.out.println("ErrorsIT is skipped: " + impossible);
        }
    }

    @Before
    public void logIn() throws IOException {
        assumeTrue(impossible, impossible == null);
        bad = logIn(BAD);
        well = logIn(WELL);
    }

    private static TestInitiator logIn(String target) throws IOException {
        TestInitiator initiator = TestInitiator.connect(SLUICE.portal(), Duration.ofSeconds(20), 0)
                .login(target);
        awaitReady(initiator);
        return initiator;
    }

    private static void awaitReady(TestInitiator initiator) throws IOException {
        while (initiator.execute(0, Cdb.testUnitReady(), null, 0).status() != GOOD) {
            // One unit attention after the other.
        }
    }

    @After
    public void logOut() throws IOException {
        if (bad != null) {
            bad.close();
            well.close();
        }
    }

    private static Path file() throws IOException {
        return SLUICE.volumes().resolve("bad.img");
    }

    private static FailingCalls failing(String calls, String how) throws IOException {
        return FailingCalls.of(SLUICE.pid(), file(), calls, how);
    }

    private static byte[] data(int value) {
        byte[] data = new byte[BLOCKS * 512];
        Arrays.fill(data, (byte) value);
        return data;
    }

    private static ScsiResult write(TestInitiator initiator, int flags, byte[] data) throws IOException {
        return initiator.execute(0, Cdb.ten(WRITE, flags, 0, BLOCKS), data, 0);
    }

    private static ScsiResult synchronize(TestInitiator initiator) throws IOException {
        return initiator.execute(0, Cdb.synchronizeCache10(), null, 0);
    }

    private static byte[] read(TestInitiator initiator) throws IOException {
        return initiator.execute(0, Cdb.read10(0, BLOCKS), null, BLOCKS * 512).expectGood();
    }

    private static ScsiResult unmap(TestInitiator initiator) throws IOException {
        byte[] list = ByteBuffer.allocate(24)
                .putShort((short) 22)
                .putShort((short) 16)
                .putInt(0)
                .putLong(0)
                .putInt(BLOCKS)
                .array();
        return initiator.execute(0, Cdb.hex("42 00 00 00 00 00 00 00 18 00"), list, 0);
    }

    /** A failure of one command, after which the next one works. */
    private static void assertOneFailure(String calls, String how, int sense, Command command) throws IOException {
        try (FailingCalls failing = failing(calls, how)) {
            command.perform().expectSense(sense);
            assertTrue("calls have failed", failing.count() > 0);
        }
        assertEquals(GOOD, command.perform().status());
    }

    /** A command that is performed more than once. */
    @FunctionalInterface
    private interface Command {
        ScsiResult perform() throws IOException;
    }

    @Test
    public void nothingIsGoodAfterAFailedFlushUntilTheStorageIsOpenedAnew() throws Exception {
        write(bad, 0, data(1)).expectGood();
        synchronize(bad).expectGood();
        write(bad, 0, data(2)).expectGood();
        try (FailingCalls failing = failing("fdatasync", "error=EIO")) {
            synchronize(bad).expectSense(WRITE_ERROR);
            assertEquals("one call has failed", 1, failing.count());
        }
        int good = 0;
        for (int i = 0; i < TRIES; i++) {
            for (ScsiResult result :
                    List.of(synchronize(bad), write(bad, FUA, data(3)), write(bad, 0, data(4)), unmap(bad))) {
                good += result.status() == GOOD ? 1 : 0;
            }
            assertArrayEquals("reads go on", data(2), read(bad));
            write(well, i % 2 == 0 ? FUA : 0, data(i)).expectGood();
            synchronize(well).expectGood();
            assertArrayEquals("another disk is undisturbed", data(i), read(well));
        }
        System.out.println(good + " of " + 4 * TRIES + " commands were GOOD after one failed flush");
        assertEquals(0, good);
        assertTrue(SLUICE.console("backstore:list").contains("read-only"));
        String status = SLUICE.script("client", "gateway:status").output();
        assertTrue(status, status.contains("backstore:reopen bad"));
        SLUICE.console("backstore:reopen bad");
        awaitReady(bad);
        write(bad, FUA, data(5)).expectGood();
        write(bad, 0, data(6)).expectGood();
        synchronize(bad).expectGood();
        assertArrayEquals(data(6), read(bad));
    }

    @Test
    public void aWriteThatFails() throws Exception {
        assertOneFailure(ALL_WRITES, "error=EIO", WRITE_ERROR, () -> write(bad, 0, data(7)));
        assertArrayEquals(data(7), read(bad));
        synchronize(bad).expectGood();
    }

    @Test
    public void aWriteWithoutSpace() throws Exception {
        assertOneFailure(ALL_WRITES, "error=ENOSPC", NO_SPACE, () -> write(bad, 0, data(8)));
        assertArrayEquals(data(8), read(bad));
        synchronize(bad).expectGood();
    }

    /** The call says 512 and has written nothing, so these have to be there before. */
    @Test
    public void aWriteThatTheKernelCutsShort() throws Exception {
        write(bad, 0, data(9)).expectGood();
        byte[] changed = data(10);
        Arrays.fill(changed, 0, 512, (byte) 9);
        try (FailingCalls failing = failing(ALL_WRITES, "retval=512")) {
            write(bad, 0, changed).expectGood();
            assertEquals(1, failing.count());
        }
        assertArrayEquals(changed, read(bad));
    }

    @Test
    public void aReadThatFails() throws Exception {
        write(bad, 0, data(11)).expectGood();
        try (FailingCalls failing = failing(ALL_READS, "error=EIO")) {
            bad.execute(0, Cdb.read10(0, BLOCKS), null, BLOCKS * 512).expectSense(READ_ERROR);
            assertTrue("calls have failed", failing.count() > 0);
        }
        assertArrayEquals(data(11), read(bad));
        write(bad, FUA, data(12)).expectGood();
    }

    @Test
    public void anUnmapThatFails() throws Exception {
        write(bad, 0, data(13)).expectGood();
        assertOneFailure("fallocate", "error=EIO", WRITE_ERROR, () -> unmap(bad));
        assertArrayEquals(new byte[BLOCKS * 512], read(bad));
    }

    /** The kernel says of the next flush that it has succeeded, and shows what it could not write until it needs the room. */
    @Test
    public void nothingIsGoodAfterAFailedFlushAndAKillEither() throws Exception {
        write(bad, 0, data(14)).expectGood();
        try (FailingCalls failing = failing("fdatasync", "error=EIO")) {
            synchronize(bad).expectSense(WRITE_ERROR);
            assertEquals("one call has failed", 1, failing.count());
        }
        awaitMark(true);
        SLUICE.kill();
        logOut();
        SLUICE.start().expectSuccess();
        logIn();
        synchronize(bad).expectSense(WRITE_ERROR);
        write(bad, 0, data(15)).expectSense(WRITE_ERROR);
        assertTrue(SLUICE.console("backstore:list").contains("read-only"));
        SLUICE.console("backstore:reopen bad");
        awaitReady(bad);
        awaitMark(false);
        SLUICE.kill();
        logOut();
        SLUICE.start().expectSuccess();
        logIn();
        synchronize(bad).expectGood();
        write(bad, FUA, data(16)).expectGood();
    }

    private static boolean marked() {
        return SLUICE.folder().resolve("state").toFile().list((folder, name) -> name.endsWith(".latched")).length > 0;
    }

    private static void awaitMark(boolean wanted) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (marked() != wanted) {
            assertTrue("what is known of the flush is kept: " + !wanted, System.nanoTime() < deadline);
            Thread.onSpinWait();
        }
    }

    private ScsiResult register(int oldKey, int newKey) throws IOException {
        byte[] list = ByteBuffer.allocate(24)
                .putLong(oldKey)
                .putLong(newKey)
                .put(20, (byte) 1)
                .array();
        return bad.execute(0, Cdb.hex("5f 00 00 00 00 00 00 00 18 00"), list, 0);
    }

    private int keys() throws IOException {
        byte[] list = bad.execute(0, Cdb.hex("5e 00 00 00 00 00 00 10 00 00"), null, 4096)
                .data();
        return list[7] / 8;
    }

    @Test
    public void aRegistrationThatCannotBeSaved() throws Exception {
        register(0, 7).expectGood();
        register(7, 0).expectGood();
        Path state = SLUICE.folder().resolve("state");
        try (FailingCalls failing = FailingCalls.of(SLUICE.pid(), state, "fsync", "error=EIO")) {
            register(0, 8).expectSense(INTERNAL_TARGET_FAILURE);
            assertTrue("calls have failed", failing.count() > 0);
        }
        assertEquals(0, keys());
        for (File file : state.toFile().listFiles(File::isFile)) {
            String saved = Files.readString(file.toPath());
            assertFalse(saved, saved.contains("\"key\" : 8"));
        }
        register(0, 9).expectGood();
        assertEquals(1, keys());
        register(9, 0).expectGood();
    }

    @Test
    public void aConfigurationThatCannotBeSaved() throws Exception {
        byte[] before = Files.readAllBytes(SLUICE.etc().resolve("gateway.json"));
        Path made = SLUICE.etc().resolve(".gateway.json.new");
        String create = "target:create iqn.2026-11.io.sluice:third --file third.img --size 1M";
        try (FailingCalls failing = FailingCalls.of(SLUICE.pid(), made, "fsync", "error=EIO")) {
            Tool.Result refused = SLUICE.script("client", create).expectFailure();
            assertTrue(refused.output(), refused.output().contains("gateway.json cannot be written"));
            assertEquals(refused.output(), 1, refused.lines().size());
            assertEquals("one call has failed", 1, failing.count());
        }
        assertArrayEquals(before, Files.readAllBytes(SLUICE.etc().resolve("gateway.json")));
        assertFalse("no file is left", Files.exists(SLUICE.volumes().resolve("third.img")));
        SLUICE.console(create);
    }
}
