package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.config.PortalConfig;
import io.sluice.iscsi.session.EndReason;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** Several connections in a session: one order of commands, and each command keeps to its connection (RFC 7143 4.2, 6.3). */
public final class MultipleConnectionsTest {

    private static final int ABORT_TASK = 1;
    private static final int LOGICAL_UNIT_RESET = 5;

    @Rule
    public final TestServer server =
            new TestServer(TestServer.config(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(2)));

    private final Map<String, String> several = Map.of("MaxConnections", "4", "InitialR2T", "No");

    private TestInitiator leading() throws IOException {
        return TestServer.ready(server.connect().login(TARGET, several));
    }

    private TestInitiator joined(TestInitiator leading, int cid) throws IOException {
        return server.connect().join(leading, cid, TARGET);
    }

    /** Makes sure that all before it has been received. */
    private static void immediatePing(TestInitiator initiator) throws IOException {
        RawPdu ping = initiator.request(RawPdu.NOP_OUT).immediate().int32(20, -1);
        initiator.cmdSn(initiator.cmdSn() - 1);
        initiator.send(ping);
        initiator.expect(RawPdu.NOP_IN);
    }

    @Test
    public void asManyConnectionsAsAgreedOn() throws IOException {
        TestInitiator leading = leading();
        assertEquals("4", leading.negotiated().get("MaxConnections"));
        for (int cid = 1; cid < 4; cid++) {
            joined(leading, cid).execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        }
        assertEquals(0x0206, server.connect().tryJoin(leading, 4, TARGET).status());
        leading.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        assertEquals(1, server.server().sessions().size());
        assertEquals(3, server.joined());
        assertEquals("the server's own limit", "8", maxConnections("65535"));
        assertEquals("1", maxConnections("1"));
    }

    private String maxConnections(String offered) throws IOException {
        return server.connect()
                .login(TARGET, Map.of("MaxConnections", offered))
                .negotiated()
                .get("MaxConnections");
    }

    @Test
    public void aSessionThatAgreedOnOneConnectionTakesNoOther() throws IOException {
        TestInitiator leading = server.login();
        assertEquals(0x0206, server.connect().tryJoin(leading, 1, TARGET).status());
    }

    /** Whoever names a handle that is not of a session of its own learns nothing of it. */
    @Test
    public void somebodyElsesSessionIsLikeNone() throws IOException {
        TestInitiator leading = leading();
        assertEquals(0x020A, stranger(leading.tsih(), "iqn.2026-11.host:b", 77, TARGET));
        assertEquals(0x020A, stranger(leading.tsih() + 1, "iqn.2026-11.host:b", 77, TARGET));
        server.addTarget(TestServer.newTarget("iqn.2026-11.io.sluice:another"));
        assertEquals(
                0x020A,
                server.connect()
                        .tryJoin(leading, 1, "iqn.2026-11.io.sluice:another")
                        .status());
        TestInitiator discovery = server.connect().loginDiscovery();
        assertEquals(0x020A, server.connect().tryJoin(discovery, 1, TARGET).status());
        leading.ping(new byte[1]);
    }

    private int stranger(int tsih, String name, long isid, String target) throws IOException {
        TestInitiator stranger = server.connect().name(name).isid(isid).tsih(tsih);
        return stranger.tryLogin(stranger.names("Normal", target)).status();
    }

    @Test
    public void whatTheFirstConnectionHasAgreedOnHolds() throws IOException {
        TestInitiator leading = leading();
        assertEquals(
                0x0200,
                server.connect()
                        .tryJoin(leading, 1, TARGET, Map.of("MaxBurstLength", "512"))
                        .status());
        TestInitiator second = server.connect();
        assertEquals(
                0,
                second.tryJoin(
                                leading,
                                1,
                                TARGET,
                                Map.of(
                                        "HeaderDigest",
                                        "CRC32C",
                                        "DataDigest",
                                        "CRC32C",
                                        "MaxRecvDataSegmentLength",
                                        "512"))
                        .status());
        RawPdu read = second.command(LUN_0, Cdb.read10(0, 4), 0, 2048);
        second.send(read);
        assertEquals(4, second.finish(read.taskTag(), null).dataPdus());
        assertEquals(2048, leading.read10(LUN_0, 0, 4, BLOCK).length);
    }

    @Test
    public void commandsAreServedInTheOrderOfTheSession() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first, 1);
        byte[] data = pattern(128, 7);
        RawPdu early = first.command(LUN_0, Cdb.write10(0, 128), data.length, 0);
        int number = early.int32(24);
        RawPdu late = second.command(LUN_0, Cdb.read10(0, 128), 0, data.length);
        second.send(late);
        immediatePing(second);
        // The read waits for the write, which has not come; so does data that follows a write at once.
        RawPdu other =
                second.command(LUN_0, Cdb.write10(512, 8), 4096, 0).flags(0x21).data(new byte[512]);
        second.send(other);
        second.send(second.dataOut(LUN_0, other.taskTag(), -1, 0, 512, new byte[3584], true));
        first.send(early.int32(24, number).data(Arrays.copyOf(data, 65536)));
        first.finish(early.taskTag(), data).expectGood();
        assertArrayEquals(data, second.finish(late.taskTag(), null).expectGood());
        second.finish(other.taskTag(), null).expectGood();
    }

    @Test
    public void aTagIsInUseOnAllConnections() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first, 1);
        RawPdu write = first.command(LUN_0, Cdb.write10(0, 256), 256 * BLOCK, 0).data(new byte[512]);
        first.send(write);
        first.expect(RawPdu.R2T);
        second.send(second.command(LUN_0, Cdb.testUnitReady(), 0, 0).taskTag(write.taskTag()));
        second.expectReject(7);
        second.send(second.dataOut(LUN_0, write.taskTag(), 1, 0, 512, new byte[512], false));
        second.expectReject(4);
    }

    @Test
    public void taskManagementReachesTasksOfOtherConnections() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first, 1);
        RawPdu write = first.command(LUN_0, Cdb.write10(0, 256), 256 * BLOCK, 0).data(new byte[512]);
        first.send(write);
        first.expect(RawPdu.R2T);
        assertEquals(0, second.taskManagement(ABORT_TASK, LUN_0, write.taskTag(), write.int32(24)));
        assertEquals(1, second.taskManagement(ABORT_TASK, LUN_0, write.taskTag(), write.int32(24)));
        first.ping(new byte[1]);
    }

    /** A reset is about the commands before it, some of which are still on their way by another connection. */
    @Test
    public void aResetWaitsForTheCommandsBeforeIt() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first, 1);
        RawPdu write = first.command(LUN_0, Cdb.write10(0, 256), 256 * BLOCK, 0).data(new byte[512]);
        second.send(second.taskManagementRequest(LOGICAL_UNIT_RESET, LUN_0, -1, 0));
        immediatePing(second);
        first.send(write);
        first.expect(RawPdu.R2T);
        assertEquals(RawPdu.RESERVED_TAG, second.expect(RawPdu.NOP_IN).taskTag());
        second.acknowledge();
        assertEquals(0, second.expect(RawPdu.TASK_MANAGEMENT_RESPONSE).int8(2));
        second.acknowledge();
        first.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectSense(0x062903);
    }

    @Test
    public void tasksOfALostConnectionEndAndTheSessionLives() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first, 1);
        RawPdu write = first.command(LUN_0, Cdb.write10(0, 256), 256 * BLOCK, 0).data(new byte[512]);
        first.send(write);
        first.expect(RawPdu.R2T);
        first.reset();
        assertEquals(
                "the connection broke: Connection reset by peer", server.left(1).text());
        second.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        second.send(second.command(LUN_0, Cdb.testUnitReady(), 0, 0).taskTag(write.taskTag()));
        second.finish(write.taskTag(), null).expectGood();
        assertEquals(1, server.server().sessions().size());
        second.close();
        server.end(1);
        assertTrue(server.server().sessions().isEmpty());
    }

    /** The blocks may be written again by who was told that the write is no more. */
    @Test
    public void anAbortWaitsForTheTaskOfALostConnection() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first, 1);
        server.store().hold();
        RawPdu write = first.command(LUN_0, Cdb.write10(0, 1), BLOCK, 0).data(pattern(1, 1));
        first.send(write);
        TestServer.until(() -> server.store().heldCount() == 1);
        first.reset();
        server.left(1);
        second.send(second.taskManagementRequest(ABORT_TASK, LUN_0, write.taskTag(), write.int32(24)));
        second.ping(new byte[1]);
        server.store().letGo();
        assertEquals(0, second.expect(RawPdu.TASK_MANAGEMENT_RESPONSE).int8(2));
        assertEquals(1, second.taskManagement(ABORT_TASK, LUN_0, write.taskTag(), write.int32(24)));
    }

    @Test
    public void aLogoutOfAnotherConnectionWaitsForItsTasks() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first, 1);
        server.store().hold();
        first.send(first.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        TestServer.until(() -> server.store().heldCount() == 1);
        RawPdu logout = second.request(RawPdu.LOGOUT).flags(0x81).int16(20, 0);
        second.send(logout);
        second.ping(new byte[1]);
        server.store().letGo();
        assertEquals(0, second.expect(RawPdu.LOGOUT_RESPONSE).int8(2));
        first.expectClosed();
        second.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        second.send(second.request(RawPdu.LOGOUT).flags(0x81).int16(20, 9));
        assertEquals(
                "no such connection", 1, second.expect(RawPdu.LOGOUT_RESPONSE).int8(2));
        second.send(second.request(RawPdu.LOGOUT).flags(0x82).int16(20, 1));
        assertEquals("recovery", 2, second.expect(RawPdu.LOGOUT_RESPONSE).int8(2));
    }

    @Test
    public void aLogoutOfOneConnectionLeavesTheOthers() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first, 1);
        first.send(first.request(RawPdu.LOGOUT).flags(0x81).int16(20, 0));
        assertEquals(0, first.expect(RawPdu.LOGOUT_RESPONSE).int8(2));
        first.expectClosed();
        second.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        // The last one ends the session.
        second.send(second.request(RawPdu.LOGOUT).flags(0x81).int16(20, 1));
        assertEquals(0, second.expect(RawPdu.LOGOUT_RESPONSE).int8(2));
        server.end(1);
    }

    @Test
    public void aLogoutOfTheSessionClosesAllConnections() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first, 1);
        second.logout();
        first.expectClosed();
        assertEquals("the initiator logged out", server.end(1).text());
    }

    @Test
    public void aConnectionIsReplacedWhenItsTasksHaveEnded() throws IOException {
        TestInitiator first = TestServer.ready(server.connect().isid(77).login(TARGET, several));
        TestInitiator second = joined(first, 1);
        server.store().hold();
        second.send(second.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        TestServer.until(() -> server.store().heldCount() == 1);
        TestInitiator again = server.connect().isid(77).tsih(first.tsih()).connectionId(1);
        again.send(again.loginRequest(0x87).data(TextPairs.encode(again.names("Normal", TARGET))));
        second.expectClosed();
        first.ping(new byte[1]);
        assertEquals("only the second one", 1, server.joined());
        server.store().letGo();
        assertEquals(0, again.expect(RawPdu.LOGIN_RESPONSE).int16(36));
        TestServer.until(() -> server.joined() == 2);
        first.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
    }

    @Test
    public void theOnlyConnectionMayBeReplaced() throws IOException {
        TestInitiator first = leading();
        TestInitiator again = joined(first, 0);
        first.expectClosed();
        again.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        assertEquals(1, server.server().sessions().size());
        assertEquals(EndReason.REPLACED, server.left(1).reason());
    }

    @Test
    public void operatorsAndResetsReachAllConnections() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first, 1);
        server.server().closeSession(first.tsih());
        for (TestInitiator each : new TestInitiator[] {first, second}) {
            assertEquals(3, each.expect(RawPdu.ASYNC_MESSAGE).int8(36));
            each.expectClosed();
        }
        server.end(1);
    }

    /** A connection that breaks the protocol is dropped; the other ones are told, and go on. */
    @Test
    public void othersAreToldOfAConnectionThatIsDropped() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first, 1);
        second.send(RawPdu.of(RawPdu.NOP_OUT).immediate().flags(0x80).taskTag(1).declaredLength(0xFFFFFF));
        RawPdu told = first.expect(RawPdu.ASYNC_MESSAGE);
        assertEquals(2, told.int8(36));
        assertEquals("CID", 1, told.int16(38));
        assertEquals("Time2Wait", 2, told.int16(40));
        assertEquals("Time2Retain", 0, told.int16(42));
        second.expectClosed();
        first.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
    }

    /** All connections of a session come through portals of one group, that of its nexus (RFC 7143 4.1.1). */
    @Test
    public void aSessionIsOfOnePortalGroup() throws Exception {
        TestInitiator leading = leading();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        InetSocketAddress other = server.server().bind(new PortalConfig("127.0.0.1", port, 2, "", false));
        try (TestInitiator second = TestInitiator.connect(other)) {
            assertEquals(0x0208, second.tryJoin(leading, 1, TARGET).status());
        }
        joined(leading, 1).execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
    }

    /** Whoever waits to join when the session is logged out is not let in any more. */
    @Test
    public void nobodyJoinsASessionThatHasBeenLoggedOut() throws IOException {
        TestInitiator first = TestServer.ready(server.connect().isid(77).login(TARGET, several));
        TestInitiator second = joined(first, 1);
        server.store().hold();
        second.send(second.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        TestServer.until(() -> server.store().heldCount() == 1);
        TestInitiator again = server.connect().isid(77).tsih(first.tsih()).connectionId(1);
        first.send(first.command(LUN_0, Cdb.write10(8, 1), 512, 0).data(pattern(1, 2)));
        TestServer.until(() -> server.store().heldCount() == 2);
        again.send(again.loginRequest(0x87).data(TextPairs.encode(again.names("Normal", TARGET))));
        second.expectClosed();
        first.send(first.request(RawPdu.LOGOUT));
        TestServer.until(() -> server.server().sessions().size() == 1 && server.isEnding());
        // Its predecessor has ended now, and the session has not.
        server.store().letOneGo();
        again.expectClosed();
        server.store().letGo();
        assertEquals(0, first.expect(RawPdu.LOGOUT_RESPONSE).int8(2));
        assertEquals("the second one alone", 1, server.joined());
        assertEquals("the initiator logged out", server.end(1).text());
    }
}
