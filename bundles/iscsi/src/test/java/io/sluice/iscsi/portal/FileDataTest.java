package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static io.sluice.iscsi.portal.TestServer.ready;
import static io.sluice.iscsi.portal.TestServer.until;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.management.Transport;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Reads that the kernel sends from a file: the file holds a pattern, the memory of the store zeros, so it shows which. */
public class FileDataTest {

    private static final int LARGE = 512;

    @Rule
    public final TestServer server = new TestServer();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final byte[] inFile = pattern((int) TestServer.BLOCKS, 3);
    private FileChannel file;

    @Before
    public void lendFromAFile() throws IOException {
        Path path = folder.newFile().toPath();
        file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        file.write(ByteBuffer.wrap(inFile));
        server.store().lendFrom(file);
    }

    @After
    public void close() throws IOException {
        until(() -> server.store().lent() == 0);
        file.close();
    }

    private byte[] inFile(int lba, int blocks) {
        return Arrays.copyOfRange(inFile, lba * BLOCK, (lba + blocks) * BLOCK);
    }

    /** Sends reads and takes nothing of what they bring. */
    private TestInitiator askFor(int reads, int blocks) throws IOException {
        TestInitiator initiator =
                ready(server.connect(Duration.ofSeconds(5), 4096).login(TARGET));
        for (int i = 0; i < reads; i++) {
            initiator.send(initiator.command(LUN_0, Cdb.read10(0, blocks), 0, (long) blocks * BLOCK));
        }
        return initiator;
    }

    @Test
    public void aLargeReadComesFromTheFile() throws IOException {
        TestInitiator initiator = server.login();
        assertArrayEquals(inFile(7, LARGE), initiator.read10(LUN_0, 7, LARGE, BLOCK));
        until(() -> server.store().lent() == 0);
        assertTrue("it is still the store's", file.isOpen());
    }

    @Test
    public void aReadOfLessThan128KibibytesIsCopied() throws IOException {
        TestInitiator initiator = server.login();
        assertArrayEquals(new byte[255 * BLOCK], initiator.read10(LUN_0, 7, 255, BLOCK));
        assertArrayEquals(inFile(7, 256), initiator.read10(LUN_0, 7, 256, BLOCK));
    }

    @Test
    public void aDataDigestNeedsTheBytes() throws IOException {
        TestInitiator digesting = ready(server.connect().login(TARGET, Map.of("DataDigest", "CRC32C")));
        assertArrayEquals(new byte[LARGE * BLOCK], digesting.read10(LUN_0, 0, LARGE, BLOCK));
        TestInitiator headersOnly = ready(server.connect().login(TARGET, Map.of("HeaderDigest", "CRC32C")));
        assertArrayEquals(inFile(0, LARGE), headersOnly.read10(LUN_0, 0, LARGE, BLOCK));
    }

    @Test
    public void itIsCutByTheInitiatorsLimitsAndPadded() throws IOException {
        Map<String, String> keys = Map.of("MaxRecvDataSegmentLength", "50001", "MaxBurstLength", "100000");
        TestInitiator initiator = ready(server.connect().login(TARGET, keys));
        int taken = 200_001;
        RawPdu command = initiator.command(LUN_0, Cdb.read10(1, LARGE), 0, taken);
        initiator.send(command);
        ScsiResult result = initiator.finish(command.taskTag(), null);
        assertArrayEquals(Arrays.copyOfRange(inFile, BLOCK, BLOCK + taken), result.data());
        assertEquals(0, result.status());
        assertEquals(5, result.dataPdus());
        result.expectResidual(LARGE * BLOCK - taken);
    }

    /** Of these there would be many, and what stands for each takes memory. */
    @Test
    public void anInitiatorThatTakesSmallSegmentsIsSentCopies() throws IOException {
        TestInitiator small = ready(server.connect().login(TARGET, Map.of("MaxRecvDataSegmentLength", "8191")));
        assertArrayEquals(new byte[LARGE * BLOCK], small.read10(LUN_0, 0, LARGE, BLOCK));
        TestInitiator usual = ready(server.connect().login(TARGET, Map.of("MaxRecvDataSegmentLength", "8192")));
        assertArrayEquals(inFile(0, LARGE), usual.read10(LUN_0, 0, LARGE, BLOCK));
    }

    @Test
    public void whatIsSentFromAFileTakesMemoryUntilItIsOut() throws IOException {
        TestInitiator initiator = askFor(16, 4096);
        until(() -> server.store().lent() >= 4);
        assertEquals("all that a connection may ask for", 8L << 20, server.dataBytesInUse());
        assertEquals(4, server.store().mostLent());
        initiator.reset();
        until(() -> server.dataBytesInUse() == 0);
    }

    @Test
    public void afterAnAtomicCommandReadsAreCopied() throws IOException {
        TestInitiator initiator = server.login();
        assertArrayEquals(inFile(0, LARGE), initiator.read10(LUN_0, 0, LARGE, BLOCK));
        byte[] compareAndWrite = new byte[16];
        compareAndWrite[0] = (byte) 0x89;
        compareAndWrite[13] = 1;
        initiator.execute(LUN_0, compareAndWrite, new byte[2 * BLOCK], 0).expectGood();
        assertArrayEquals(new byte[LARGE * BLOCK], initiator.read10(LUN_0, 0, LARGE, BLOCK));
    }

    @Test
    public void afterAnOrderedCommandReadsAreCopied() throws IOException {
        TestInitiator initiator = server.login();
        assertArrayEquals(inFile(0, LARGE), initiator.read10(LUN_0, 0, LARGE, BLOCK));
        RawPdu ordered = initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0).flags(0x82);
        initiator.send(ordered);
        initiator.finish(ordered.taskTag(), null).expectGood();
        assertArrayEquals(new byte[LARGE * BLOCK], initiator.read10(LUN_0, 0, LARGE, BLOCK));
    }

    @Test
    public void aSessionThatIsClosedGivesItBackThoughTheInitiatorDoesNotRead() throws IOException {
        askFor(16, 4096);
        until(() -> server.store().lent() > 0);
        server.server().closeSessions(TARGET, Transport.Cause.TARGET_DISABLED);
        until(() -> server.store().lent() == 0);
    }

    @Test
    public void anInitiatorThatGoesAwayGivesItBack() throws IOException {
        TestInitiator initiator = askFor(16, 4096);
        until(() -> server.store().lent() > 0);
        initiator.reset();
        until(() -> server.store().lent() == 0);
    }

    @Test
    public void anInitiatorThatDoesNotReadStopsItsOwnReads() throws IOException {
        TestInitiator initiator = askFor(1000, LARGE);
        initiator.halfClose();
        until(() -> server.server().sessions().isEmpty());
        int most = server.store().mostLent();
        assertTrue(most + " ranges of 256 KiB waited", most >= 32 && most < 128);
    }

    @Test
    public void aFileThatWasCutShortEndsTheConnection() throws IOException {
        TestInitiator initiator = server.login();
        file.truncate(1000);
        initiator.send(initiator.command(LUN_0, Cdb.read10(0, LARGE), 0, LARGE * BLOCK));
        initiator.expectClosed();
    }
}
