package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.session.EndReason;
import io.sluice.iscsi.session.SessionEnd;
import io.sluice.management.Transport;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/** Each session that ends says why, once, and the first reason counts. What takes a time-out is in {@link TimeoutTest}. */
public final class EndReasonTest {

    private static final int TARGET_COLD_RESET = 7;

    @Rule
    public final TestServer server =
            new TestServer(TestServer.config(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofMillis(300)));

    private void expect(EndReason reason, String text) {
        assertEquals(new SessionEnd(reason, text), server.end(1));
    }

    @Test
    public void logout() throws IOException {
        server.login().logout();
        expect(EndReason.LOGGED_OUT, "the initiator logged out");
    }

    @Test
    public void logoutOfADiscovery() throws IOException {
        server.connect().loginDiscovery().logout();
        expect(EndReason.LOGGED_OUT, "the initiator logged out");
    }

    @Test
    public void logoutWithACommandThatDoesNotEnd() throws IOException {
        TestInitiator initiator = server.login();
        server.store().hold();
        initiator.send(initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        TestServer.until(() -> server.store().heldCount() == 1);
        initiator.send(initiator.request(RawPdu.LOGOUT));
        initiator.expect(RawPdu.LOGOUT_RESPONSE);
        expect(EndReason.LOGGED_OUT_TOO_EARLY, "the initiator logged out, and its commands did not end in time");
    }

    @Test
    public void connectionClosed() throws IOException {
        server.login().close();
        expect(EndReason.CLOSED_BY_INITIATOR, "the initiator closed the connection");
    }

    /** What cannot be sent to an initiator that has gone says nothing new. */
    @Test
    public void connectionClosedWithAnswersUnderWay() throws IOException {
        TestInitiator initiator = server.login();
        server.store().hold();
        initiator.send(initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        TestServer.until(() -> server.store().heldCount() == 1);
        initiator.halfClose();
        expect(EndReason.CLOSED_BY_INITIATOR, "the initiator closed the connection");
        server.store().letGo();
    }

    @Test
    public void connectionReset() throws IOException {
        server.login().reset();
        expect(EndReason.CONNECTION_BROKE, "the connection broke: Connection reset by peer");
    }

    @Test
    public void protocolViolated() throws IOException {
        TestInitiator initiator = server.login();
        initiator.send(
                RawPdu.of(RawPdu.NOP_OUT).immediate().flags(0x80).taskTag(1).declaredLength(0xFFFFFF));
        initiator.expectClosed();
        expect(
                EndReason.PROTOCOL_ERROR,
                "the initiator sent what the protocol does not allow: data segment of 16777215 bytes where 262144 are"
                        + " allowed");
    }

    @Test
    public void replaced() throws IOException {
        TestInitiator old = server.connect().isid(77).login(TARGET);
        server.connect().isid(77).login(TARGET);
        old.expect(RawPdu.ASYNC_MESSAGE);
        SessionEnd end = server.end(1);
        assertEquals(EndReason.REPLACED, end.reason());
        assertEquals(
                "a new login of the same initiator replaced it, from "
                        + server.server().sessions().get(0).remote(),
                end.text());
    }

    @Test
    public void closedByAnOperator() throws IOException {
        server.login();
        server.server().closeSession(server.server().sessions().get(0).id());
        expect(EndReason.CLOSED_BY_OPERATOR, "an operator closed it");
    }

    @Test
    public void targetDeleted() throws IOException {
        server.login();
        server.server().removeTarget(server.target());
        expect(EndReason.TARGET_DELETED, "its target was deleted");
    }

    @Test
    public void targetDisabled() throws IOException {
        server.login();
        server.server().closeSessions(TARGET, Transport.Cause.TARGET_DISABLED);
        expect(EndReason.TARGET_DISABLED, "its target was disabled");
    }

    @Test
    public void targetReset() throws IOException {
        TestInitiator initiator = server.login("iqn.2026-11.host:a");
        initiator.taskManagement(TARGET_COLD_RESET, LUN_0, -1, 0);
        initiator.expect(RawPdu.ASYNC_MESSAGE);
        expect(EndReason.TARGET_RESET, "its target was reset by iqn.2026-11.host:a");
    }

    @Test
    public void gatewayStops() throws IOException {
        server.login();
        server.server().closeSessions(TARGET, Transport.Cause.GATEWAY_STOPS);
        expect(EndReason.GATEWAY_STOPS, "the gateway stops");
    }

    /** An initiator that logs out because it was asked to has not decided that. */
    @Test
    public void transportRestarts() throws Exception {
        TestInitiator initiator = server.login();
        server.store().hold();
        initiator.send(initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        TestServer.until(() -> server.store().heldCount() == 1);
        Thread closing = new Thread(() -> server.server().close(EndReason.TRANSPORT_RESTARTS), "closing");
        closing.start();
        initiator.expect(RawPdu.ASYNC_MESSAGE);
        initiator.close();
        server.store().letGo();
        closing.join();
        expect(EndReason.TRANSPORT_RESTARTS, "the iSCSI server restarts, with other settings or another version");
    }

    @Test
    public void theFirstReasonCounts() throws IOException {
        TestInitiator initiator = server.login();
        int id = server.server().sessions().get(0).id();
        server.server().closeSession(id);
        server.server().removeTarget(server.target());
        initiator.close();
        expect(EndReason.CLOSED_BY_OPERATOR, "an operator closed it");
    }

    @Test
    public void eachSessionBeginsAndEndsOnce() throws IOException {
        TestInitiator first = server.login();
        server.login().logout();
        server.end(1);
        assertEquals(2, server.begun());
        first.logout();
        server.end(2);
        assertEquals(2, server.begun());
    }
}
