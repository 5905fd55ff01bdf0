package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

    private final Sluice sluice = new Sluice();
    private Path volumes;
    private boolean mounted;

    @Before
    public void mountASmallFileSystem() throws IOException {
        sluice.prepare();
        volumes = Files.createDirectories(sluice.folder().resolve("volumes"));
        Tool.Result mount = Tool.run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", volumes.toString());
        mounted = mount.exit() == 0;
        if (!mounted) {
            System.out.println("FullDiskIT is skipped: this machine allows no mount: " + mount.output());
        }
        assumeTrue("a mount is allowed", mounted);
        sluice.start().expectSuccess();
    }

    @After
    public void unmount() throws IOException {
        if (mounted) {
            sluice.after();
            Tool.run("umount", volumes.toString()).expectSuccess();
        }
    }

    @Test
    public void isSaidAndEndsByItselfWhenThereIsRoom() throws Exception {
        Path ballast = volumes.resolve("ballast");
        Files.write(ballast, new byte[8 << 20]);
        sluice.console("target:create " + Sluice.TARGET + " --file thin.img --size 64M");
        try (TestInitiator initiator = TestInitiator.connect(sluice.portal()).login(Sluice.TARGET)) {
            while (initiator.execute(0, new byte[6], null, 0).status() != GOOD) {
                // One unit attention after the other.
            }
            int written = fill(initiator);
            assertEquals(
                    "what was written before can be changed",
                    GOOD,
                    write(initiator, 0, 9).status());
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
