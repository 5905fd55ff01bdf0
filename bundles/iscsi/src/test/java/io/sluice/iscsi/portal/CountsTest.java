package io.sluice.iscsi.portal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.iscsi.pdu.RejectReason;
import io.sluice.metrics.CommandKind;
import io.sluice.metrics.DurationHistogram;
import io.sluice.metrics.InitiatorStatistics;
import io.sluice.metrics.LunStatistics;
import io.sluice.metrics.Metric;
import io.sluice.metrics.MetricSink;
import io.sluice.metrics.Statistics;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.Rule;
import org.junit.Test;

/** What is counted is what the initiator has counted, to the operation. */
public final class CountsTest {

    private static final int BLOCK = 512;
    private static final long BEYOND = 1L << 31;

    @Rule
    public final TestServer server = new TestServer();

    private LunStatistics lun() {
        return server.target().statistics().luns().get(0);
    }

    private long count(CommandKind kind) {
        return lun().of(kind).durations().count();
    }

    @Test
    public void readsWritesFlushesAndFailuresAreCountedEachWhereItBelongs() throws IOException {
        TestInitiator initiator = server.login();
        LunStatistics before = lun();
        for (int i = 0; i < 37; i++) {
            initiator.read10(0, i, 3, BLOCK);
        }
        for (int i = 0; i < 23; i++) {
            initiator.write10(0, i, new byte[2 * BLOCK], BLOCK);
        }
        for (int i = 0; i < 7; i++) {
            initiator.execute(0, Cdb.synchronizeCache10(), null, 0).expectGood();
        }
        for (int i = 0; i < 5; i++) {
            initiator.execute(0, Cdb.read10(BEYOND, 1), null, BLOCK).expectSense(0x052100);
        }
        LunStatistics after = lun();
        assertEquals(
                37 + 5,
                after.of(CommandKind.READ)
                        .since(before.of(CommandKind.READ))
                        .durations()
                        .count());
        assertEquals(
                37L * 3 * BLOCK,
                after.of(CommandKind.READ).since(before.of(CommandKind.READ)).bytes());
        assertEquals(23, count(CommandKind.WRITE));
        assertEquals(23L * 2 * BLOCK, after.of(CommandKind.WRITE).bytes());
        assertEquals(7, count(CommandKind.FLUSH));
        assertEquals(Long.valueOf(5), after.senseKeys().get("illegal_request"));
        assertEquals(Map.of(), after.statuses());
        assertEquals(0, after.underWay());
        assertTrue(after.of(CommandKind.READ).durations().nanos() > 0);
    }

    /** The initiator takes fewer bytes than the command reads: what it is given is what counts. */
    @Test
    public void bytesAreThoseThatWereMoved() throws IOException {
        TestInitiator initiator = server.login();
        initiator.execute(0, Cdb.read10(0, 4), null, BLOCK);
        assertEquals(BLOCK, lun().of(CommandKind.READ).bytes());
    }

    @Test
    public void anInitiatorIsCountedOverAllOfItsSessions() throws IOException {
        for (int session = 0; session < 3; session++) {
            TestInitiator initiator =
                    TestServer.ready(server.connect().isid(session + 1).login(TestServer.TARGET));
            initiator.write10(0, 0, new byte[BLOCK], BLOCK);
            initiator.logout();
        }
        List<InitiatorStatistics> initiators = server.target().statistics().initiators();
        assertEquals(initiators.toString(), 1, initiators.size());
        assertEquals(Long.valueOf(3), initiators.get(0).operations().get(CommandKind.WRITE));
        assertEquals(Long.valueOf(3 * BLOCK), initiators.get(0).bytes().get(CommandKind.WRITE));
    }

    @Test
    public void noMoreInitiatorsThanThereIsRoomForAreTold() throws IOException {
        for (int i = 0; i < 300; i++) {
            try (TestInitiator initiator =
                    server.connect().name("iqn.2026-11.io.sluice:i" + i).login(TestServer.TARGET)) {
                initiator.execute(0, new byte[6], null, 0);
                initiator.logout();
            }
        }
        List<InitiatorStatistics> initiators = server.target().statistics().initiators();
        assertEquals(256 + 1, initiators.size());
        InitiatorStatistics others = initiators.get(256);
        assertEquals(InitiatorStatistics.OTHER, others.initiator());
        assertEquals(Long.valueOf(300 - 256), others.operations().get(CommandKind.OTHER));
    }

    @Test
    public void whatManySessionsDoAtATimeIsCountedToTheOperation() throws Exception {
        int each = 2_000;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Void>> ends = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            TestInitiator initiator =
                    TestServer.ready(server.connect().isid(i + 1).login(TestServer.TARGET));
            Callable<Void> work = () -> {
                for (int done = 0; done < each; done++) {
                    initiator.read10(0, 0, 1, BLOCK);
                }
                return null;
            };
            ends.add(threads.submit(work));
        }
        for (Future<Void> end : ends) {
            end.get();
        }
        threads.shutdown();
        assertEquals(4L * each, count(CommandKind.READ));
        assertEquals(4L * each * BLOCK, lun().of(CommandKind.READ).bytes());
    }

    @Test
    public void aLunThatIsUnmappedIsCountedNoMoreAndBeginsAnew() throws IOException {
        TestInitiator initiator = server.login();
        initiator.read10(0, 0, 1, BLOCK);
        server.target().unmap(0).toCompletableFuture().join();
        assertEquals(List.of(), server.target().statistics().luns());
        initiator.execute(0, Cdb.read10(0, 1), null, BLOCK).expectSense(0x052500);
    }

    @Test
    public void loginsAndRejectionsAreCountedByTheirReason() throws IOException {
        TestInitiator initiator = server.login();
        server.connect().tryLogin(server.connect().names("Normal", "iqn.2026-11.io.sluice:nobody"));
        initiator.send(initiator.request(0x10));
        initiator.expectReject(RejectReason.SNACK_REJECT.code());
        Map<String, Double> told = told();
        assertEquals(told.toString(), 1.0, told.get("sluice_logins_total success"), 0);
        assertEquals(told.toString(), 1.0, told.get("sluice_logins_total not_found"), 0);
        assertEquals(told.toString(), 1.0, told.get("sluice_pdus_rejected_total snack_reject"), 0);
        assertEquals(List.of(RejectReason.SNACK_REJECT), server.rejections());
        assertTrue(told.toString(), told.get("sluice_data_memory_limit_bytes ") > 0);
        assertTrue(told.toString(), told.containsKey("sluice_event_loop_lag_seconds 1"));
    }

    private Map<String, Double> told() {
        Map<String, Double> told = new TreeMap<>();
        server.server().collect(new MetricSink() {
            @Override
            public void value(Metric metric, double value, String... labels) {
                told.put(metric.exposedName() + " " + String.join(" ", labels), value);
            }

            @Override
            public void histogram(Metric metric, DurationHistogram durations, String... labels) {
                throw new AssertionError(metric);
            }
        });
        return told;
    }

    @Test
    public void aCommandThatWaitsIsUnderWay() throws Exception {
        TestInitiator initiator = server.login();
        server.store().hold();
        initiator.send(initiator.command(0, Cdb.read10(0, 1), 0, BLOCK));
        TestServer.until(() -> lun().underWay() == 1);
        long before = count(CommandKind.READ);
        server.store().letGo();
        TestServer.until(() -> count(CommandKind.READ) == before + 1);
        assertEquals(0, lun().underWay());
        Statistics statistics = server.target().statistics();
        assertEquals(TestServer.TARGET, statistics.luns().get(0).target());
    }
}
