package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import io.sluice.iscsi.connection.ServerSettings;
import io.sluice.iscsi.session.EndReason;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** The server stops while initiators are busy, and others want to come: nobody is left without an answer. */
public final class StopTest {

    private static final int SESSIONS = 64;
    private static final int COMMANDS = 16;
    private static final long LIMIT_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Rule
    public final TestServer server = new TestServer(new ServerSettings(
            2, 256, 128, PATIENCE, PATIENCE, PATIENCE, PATIENCE, 128, 8, true, 0, Duration.ZERO, 64L << 20));

    @Test
    public void everyCommandIsAnswered() throws Exception {
        ScheduledExecutorService slow = Executors.newScheduledThreadPool(2);
        server.store().completeOn(operation -> slow.schedule(operation, 300, TimeUnit.MILLISECONDS));
        List<TestInitiator> busy = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            TestInitiator initiator = server.login("iqn.2026-11.io.sluice.testkit:host" + i);
            for (int k = 0; k < COMMANDS; k++) {
                RawPdu command = k % 2 == 0
                        ? initiator.command(LUN_0, Cdb.read10(k, 8), 0, 8 * BLOCK)
                        : initiator
                                .command(LUN_0, Cdb.write10(64 + k * 8L, 8), 8 * BLOCK, 0)
                                .data(pattern(8, i));
                initiator.send(command);
            }
            busy.add(initiator);
        }
        long began = System.nanoTime();
        Thread stop = new Thread(() -> server.server().close(EndReason.GATEWAY_STOPS), "stop");
        stop.start();
        for (TestInitiator initiator : busy) {
            expectAnswers(initiator);
        }
        stop.join();
        slow.shutdown();
        assertTrue(System.nanoTime() - began < LIMIT_NANOS);
    }

    private static void expectAnswers(TestInitiator initiator) throws IOException {
        int answers = 0;
        boolean asked = false;
        while (!asked || answers < COMMANDS) {
            RawPdu pdu = initiator.receive();
            asked |= pdu.opcode() == RawPdu.ASYNC_MESSAGE;
            boolean status =
                    pdu.opcode() == RawPdu.SCSI_RESPONSE || pdu.opcode() == RawPdu.DATA_IN && (pdu.int8(1) & 1) != 0;
            if (status) {
                assertEquals(0, pdu.int8(3));
                answers++;
            }
        }
    }

    /** Nobody would close it, and whoever serves next could not have the address. */
    @Test
    public void noPortalIsOpenedWhileItStops() throws Exception {
        TestInitiator busy = server.login();
        server.store().hold();
        busy.send(busy.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        TestServer.until(() -> server.store().heldCount() == 1);
        Thread stop = new Thread(() -> server.server().close(EndReason.TRANSPORT_RESTARTS), "stop");
        stop.start();
        assertEquals(1, busy.expect(RawPdu.ASYNC_MESSAGE).int8(36));
        PortalConfig another = new PortalConfig("127.0.0.2", server.portal().getPort());
        ConfigException refused =
                assertThrows(ConfigException.class, () -> server.server().bind(another));
        assertTrue(refused.getMessage(), refused.getMessage().contains("the iSCSI server stops"));
        assertEquals(List.of(), server.server().listening());
        server.store().letGo();
        stop.join();
    }

    /** Whoever comes while the server stops may come back later. */
    @Test
    public void loginsWhileItStops() throws Exception {
        TestInitiator busy = server.login();
        server.store().hold();
        busy.send(busy.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        TestServer.until(() -> server.store().heldCount() == 1);
        List<TestInitiator> waiting = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waiting.add(server.connect());
        }
        Set<Integer> answers = new ConcurrentSkipListSet<>();
        Thread coming = new Thread(() -> comeAgainAndAgain(answers), "coming");
        coming.start();
        TestServer.until(() -> !answers.isEmpty());
        Thread stop = new Thread(() -> server.server().close(EndReason.GATEWAY_STOPS), "stop");
        stop.start();
        assertEquals(1, busy.expect(RawPdu.ASYNC_MESSAGE).int8(36));
        for (TestInitiator initiator : waiting) {
            assertEquals(
                    0x0301,
                    initiator.tryLogin(initiator.names("Normal", TARGET)).status());
        }
        server.store().letGo();
        coming.join();
        stop.join();
        answers.removeAll(Set.of(0, 0x0301));
        assertEquals(Set.of(), answers);
    }

    /** Until the server is not there any more. */
    private void comeAgainAndAgain(Set<Integer> answers) {
        while (true) {
            try (TestInitiator initiator = TestInitiator.connect(server.portal())) {
                initiator.isid(99);
                answers.add(
                        initiator.tryLogin(initiator.names("Normal", TARGET)).status());
            } catch (IOException gone) {
                return;
            }
        }
    }
}
