package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static io.sluice.iscsi.portal.TestServer.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.management.TraceLine;
import io.sluice.management.TraceLines;
import io.sluice.management.TraceRequest;
import io.sluice.management.TraceStatus;
import io.sluice.management.TransportTrace;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.Rule;
import org.junit.Test;

/** What a trace sees of real connections; {@code CaptureTest} has the bytes. */
public final class TraceTest {

    private static final int ABORT_TASK = 1;
    private static final int LOGICAL_UNIT_RESET = 5;

    @Rule
    public final TestServer server = new TestServer();

    private TransportTrace trace() {
        return server.server().trace();
    }

    private List<TraceLine> lines() {
        return trace().lines(0, Integer.MAX_VALUE).lines();
    }

    /** The answer is with the initiator a moment before its line is there. */
    private TraceLine line(int number) {
        until(() -> lines().size() > number);
        return lines().get(number);
    }

    @Test
    public void aCommandHasALineWithWhatItWasAndHowLongItTook() throws IOException {
        TestInitiator initiator = server.login();
        assertTrue(trace().start(TraceRequest.ALL));
        initiator.execute(LUN_0, Cdb.read10(8, 4), null, 4 * 512).expectGood();
        TraceLine line = line(0);
        assertEquals("READ(10) lba=8 blocks=4", line.what());
        assertEquals("GOOD", line.result());
        assertEquals(0, line.lun());
        assertEquals(TARGET, line.target());
        assertTrue(line.initiator(), line.initiator().startsWith("iqn."));
        assertTrue(line.session() > 0);
        assertTrue(line.toString(), line.waitNanos() >= 0 && line.storeNanos() >= 0 && line.answerNanos() > 0);
    }

    @Test
    public void senseDataIsInWords() throws IOException {
        TestInitiator initiator = server.login();
        trace().start(TraceRequest.ALL);
        initiator.execute(LUN_0, Cdb.read10(TestServer.BLOCKS, 1), null, 512).expectSense(0x052100);
        assertEquals("CHECK CONDITION, ILLEGAL REQUEST, LBA OUT OF RANGE (21/00)", line(0).result());
    }

    @Test
    public void theTimeOfEachLayerIsItsOwn() throws Exception {
        TestInitiator initiator = server.login();
        trace().start(TraceRequest.ALL);
        server.store().hold();
        RawPdu write = initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1));
        long sent = System.nanoTime();
        initiator.send(write);
        until(() -> server.store().heldCount() == 1);
        long held = pause();
        server.store().letGo();
        initiator.expect(RawPdu.SCSI_RESPONSE);
        TraceLine line = line(0);
        long rest = System.nanoTime() - sent - held;
        assertTrue(line.toString(), line.storeNanos() >= held);
        assertTrue(line.toString(), line.waitNanos() + line.answerNanos() <= rest);
    }

    /** Lets some time pass, and returns how much it was at least. */
    private static long pause() {
        long begin = System.nanoTime();
        until(() -> System.nanoTime() - begin > Duration.ofMillis(30).toNanos());
        return System.nanoTime() - begin;
    }

    @Test
    public void dataThatIsLateIsWaitedFor() throws Exception {
        TestInitiator initiator = server.login();
        trace().start(TraceRequest.ALL);
        RawPdu write = initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0);
        long sent = System.nanoTime();
        initiator.send(write);
        RawPdu asked = initiator.expect(RawPdu.R2T);
        long waited = pause();
        initiator.send(initiator.dataOut(LUN_0, write.taskTag(), asked.int32(20), 0, 0, pattern(1, 1), true));
        initiator.expect(RawPdu.SCSI_RESPONSE);
        TraceLine line = line(0);
        long rest = System.nanoTime() - sent - waited;
        assertTrue(line.toString(), line.waitNanos() >= waited);
        assertTrue(line.toString(), line.storeNanos() + line.answerNanos() <= rest);
    }

    @Test
    public void onlyWhatIsSlowHasALine() throws Exception {
        TestInitiator initiator = server.login();
        trace().start(TraceRequest.ALL.withSlowerThan(Duration.ofSeconds(1)));
        server.store().hold();
        initiator.send(initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        until(() -> server.store().heldCount() == 1);
        initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        long held = System.nanoTime();
        until(() -> System.nanoTime() - held > Duration.ofMillis(1100).toNanos());
        server.store().letGo();
        initiator.expect(RawPdu.SCSI_RESPONSE);
        assertEquals("WRITE(10) lba=0 blocks=1", line(0).what());
        assertEquals(1, lines().size());
    }

    @Test
    public void anotherInitiatorIsNotTraced() throws IOException {
        TestInitiator other = server.login("iqn.2026-11.io.sluice.testkit:other");
        trace().start(TraceRequest.ALL.withInitiator("iqn.2026-11.io.sluice.testkit:one"));
        other.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        TestInitiator one = server.login("iqn.2026-11.io.sluice.testkit:one");
        TestInitiator late = server.login("iqn.2026-11.io.sluice.testkit:late");
        late.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        one.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        assertEquals("login", line(0).what());
        line(3);
        assertEquals(4, lines().size());
        assertTrue(lines().stream().allMatch(line -> line.initiator().endsWith(":one")));
    }

    @Test
    public void anotherUnitIsNotTraced() throws IOException {
        TestInitiator initiator = server.login();
        trace().start(TraceRequest.ALL.withLun(7));
        initiator.execute(LUN_0, Cdb.read10(0, 1), null, 512).expectGood();
        initiator.execute(7L << 48, Cdb.testUnitReady(), null, 0).expectSense(0x052500);
        assertEquals(7, line(0).lun());
        assertEquals(1, lines().size());
        assertEquals(2, trace().status().pdus());
    }

    @Test
    public void whatHappensToASessionHasALine() throws IOException {
        trace().start(TraceRequest.ALL);
        TestInitiator initiator = server.connect().login(TARGET);
        initiator.taskManagement(LOGICAL_UNIT_RESET, LUN_0, -1, 0);
        initiator.logout();
        until(() -> lines().size() == 4);
        assertEquals(
                List.of("login", "LOGICAL UNIT RESET: complete", "logout", "connection closed"),
                lines().stream().map(TraceLine::what).toList());
    }

    @Test
    public void aRefusedLoginSaysWhy() throws IOException {
        trace().start(TraceRequest.ALL);
        TestInitiator stranger = server.connect();
        stranger.tryLogin(stranger.names("Normal", "iqn.2026-11.io.sluice:absent"));
        assertTrue(line(0).what(), line(0).what().startsWith("login refused: "));
        assertEquals("iqn.2026-11.io.sluice:absent", line(0).target());
    }

    @Test
    public void whatIsAbortedHasNoAnswer() throws IOException {
        TestInitiator initiator = server.login();
        trace().start(TraceRequest.ALL);
        RawPdu write = initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0);
        initiator.send(write);
        initiator.expect(RawPdu.R2T);
        initiator.taskManagement(ABORT_TASK, LUN_0, write.taskTag(), initiator.cmdSn() - 1);
        assertEquals("no answer", line(0).result());
    }

    @Test
    public void aHungCommandIsNotWaitedFor() throws IOException {
        TestInitiator initiator = server.login();
        trace().start(TraceRequest.ALL);
        server.store().hold();
        initiator.send(initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        until(() -> server.store().heldCount() == 1);
        assertTrue(trace().stop());
        TraceStatus status = trace().status();
        assertFalse(status.running());
        assertEquals(0, status.lines());
        assertTrue(trace().start(TraceRequest.ALL));
        server.store().letGo();
        initiator.expect(RawPdu.SCSI_RESPONSE);
        initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        assertEquals("TEST UNIT READY", line(0).what());
        assertEquals(1, lines().size());
    }

    @Test
    public void thereIsOneAtATime() {
        assertFalse(trace().stop());
        assertEquals(TraceStatus.NONE, trace().status());
        assertTrue(trace().start(TraceRequest.ALL));
        assertFalse(trace().start(TraceRequest.ALL));
        assertTrue(trace().stop());
        assertTrue(trace().start(TraceRequest.ALL));
    }

    @Test
    public void itEndsByItself() {
        trace().start(TraceRequest.ALL.withDuration(Duration.ofMillis(20)));
        until(() -> !trace().status().running());
        assertTrue(trace().start(TraceRequest.ALL));
        until(() -> trace().status().running());
    }

    @Test
    public void theOldestGoesAndIsCounted() throws IOException {
        TestInitiator initiator = server.login();
        trace().start(TraceRequest.ALL.withMemoryBytes(1 << 20));
        for (int i = 0; i < 6000; i++) {
            initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        }
        until(() -> trace().status().lines() == 6000);
        TraceStatus status = trace().status();
        assertTrue(status.toString(), status.bytes() <= 1 << 20);
        assertTrue(status.toString(), status.linesKept() < 6000 && status.linesKept() > 500);
        TraceLines first = trace().lines(0, 10);
        assertEquals(6000 - status.linesKept(), first.lost());
        assertEquals(first.lost(), first.lines().get(0).number());
        assertEquals(first.lost() + 10, first.next());
    }

    @Test
    public void itMayComeAndGoTenThousandTimesUnderLoad() throws Exception {
        TestInitiator initiator = server.login();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> load = CompletableFuture.supplyAsync(() -> {
            int commands = 0;
            try {
                while (!over.get()) {
                    initiator.write10(LUN_0, 16, pattern(8, commands), 512);
                    initiator.read10(LUN_0, 16, 8, 512);
                    commands++;
                }
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
            return commands;
        });
        for (int i = 0; i < 10_000; i++) {
            assertTrue(trace().start(TraceRequest.ALL.withDataBytes(i % 3 * 100)));
            trace().lines(0, 5);
            assertTrue(trace().stop());
        }
        over.set(true);
        assertTrue(load.get() > 0);
    }

    @Test
    public void connectionsMayBreakInEveryState() throws IOException {
        trace().start(TraceRequest.ALL.withDataBytes(64));
        for (int state = 0; state < 60; state++) {
            TestInitiator initiator = state % 6 == 0 ? server.connect() : server.login();
            switch (state % 6) {
                case 0 -> initiator.send(initiator.loginRequest(0x04));
                case 1 -> initiator.send(initiator.command(LUN_0, Cdb.write10(0, 8), 4096, 0));
                case 2 -> initiator.send(initiator.command(LUN_0, Cdb.read10(0, 128), 0, 128 * 512));
                case 3 -> initiator.send(initiator.request(RawPdu.LOGOUT));
                case 4 -> initiator.sendBytes(new byte[20]);
                // A reset would be told to those who log in next.
                default -> initiator.send(initiator.taskManagementRequest(ABORT_TASK, LUN_0, -1, 0));
            }
            if (state % 2 == 0) {
                initiator.reset();
            } else {
                initiator.close();
            }
        }
        until(() -> server.ended() == 50);
        until(() -> lines().stream()
                        .filter(line -> line.what().equals("connection closed"))
                        .count()
                == 50);
        ByteArrayOutputStream capture = new ByteArrayOutputStream();
        trace().write(capture);
        assertTrue(capture.size() > 60 * 48);
        TestInitiator after = server.login();
        after.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
    }

    /** Who looks takes nothing away, and holds nobody up: there is no waiting in it. */
    @Test
    public void aSlowReaderHoldsNobodyUp() throws IOException {
        TestInitiator initiator = server.login();
        trace().start(TraceRequest.ALL.withMemoryBytes(1 << 20));
        TraceLines seen = trace().lines(0, 100);
        for (int i = 0; i < 5000; i++) {
            initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        }
        until(() -> trace().status().lines() == 5000);
        TraceLines later = trace().lines(seen.next(), Integer.MAX_VALUE);
        assertEquals(5000, later.lost() + later.lines().size());
        assertTrue(later.lost() > 0);
    }
}
