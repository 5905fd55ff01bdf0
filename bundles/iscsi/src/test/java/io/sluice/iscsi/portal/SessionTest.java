package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.config.PortalConfig;
import io.sluice.iscsi.session.EndReason;
import io.sluice.management.SessionStatus;
import io.sluice.management.Transport;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.LoginResult;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** Sessions: how they begin, are replaced, are managed and end (RFC 7143 6.3, 11.5, 11.10, 11.14). */
public final class SessionTest {

    private static final long SOONER_THAN_A_DRAIN_SECONDS = 8;

    private static final int OTHER_LUN_RESPONSE = 2;

    @Rule
    public final TestServer server = new TestServer();

    @Test
    public void everyLoginGetsAnHandle() throws IOException {
        TestInitiator first = server.connect();
        LoginResult result = first.tryLogin(first.names("Normal", TARGET));
        assertEquals(0, result.status());
        assertTrue(result.tsih() > 0);
        assertEquals("1", result.keys().get("TargetPortalGroupTag"));
        assertEquals("262144", result.keys().get("MaxRecvDataSegmentLength"));
        server.login();
        assertEquals(2, server.server().sessions().size());
    }

    @Test
    public void refusedLogins() throws Exception {
        TestInitiator names = server.connect();
        ScsiTarget disabled = TestServer.newTarget("iqn.2026-11.io.sluice:off");
        disabled.setEnabled(false);
        server.addTarget(disabled);
        Map<String, String> noName = Map.of("SessionType", "Normal", "TargetName", TARGET);
        assertRefused(0x0203, 0x87, names.names("Normal", "iqn.2026-11.io.sluice:absent"));
        assertRefused(0x0301, 0x87, names.names("Normal", disabled.name()));
        assertRefused(0x0207, 0x87, names.names("Normal", null));
        assertRefused(0x0207, 0x87, noName);
        assertRefused(0x0209, 0x87, names.names("Strange", TARGET));
        assertRefused(0x0201, 0x81, with(names.names("Normal", TARGET), "AuthMethod", "CHAP"));
        assertRefused(0x0200, 0x87, with(names.names("Normal", TARGET), "InitiatorName", "iqn.\u001b[31mred"));
        assertRefused(0x0200, 0x87, with(names.names("Normal", TARGET), "TargetAddress", "192.0.2.1"));
        assertRefused(0x0200, 0x81, with(names.names("Normal", TARGET), "MaxBurstLength", "512"));
        assertRefused(0x0200, 0xC7, names.names("Normal", TARGET));
        assertRefused(0x0200, 0x84, names.names("Normal", TARGET));
        assertRefused(0x0200, 0x8B, names.names("Normal", TARGET));
        assertRefused(0x0200, 0x86, names.names("Normal", TARGET));
        assertRefused(0x020B, 0x0C, names.names("Normal", TARGET));
        assertEquals(0, server.server().sessions().size());
    }

    private void assertRefused(int status, int flags, Map<String, String> keys) throws IOException {
        TestInitiator initiator = server.connect();
        initiator.send(initiator.loginRequest(flags).data(TextPairs.encode(keys)));
        assertEquals(
                Integer.toHexString(status) + keys,
                status,
                initiator.expect(RawPdu.LOGIN_RESPONSE).int16(36));
        initiator.expectClosed();
    }

    private static Map<String, String> with(Map<String, String> keys, String key, String value) {
        keys.put(key, value);
        return keys;
    }

    @Test
    public void namesMayComeAgainInTheOperationalStage() throws IOException {
        TestInitiator initiator = server.connect();
        Map<String, String> names = initiator.names("Normal", TARGET);
        initiator.send(initiator.loginRequest(0x81).data(TextPairs.encode(with(names, "AuthMethod", "None"))));
        assertEquals(0, initiator.expect(RawPdu.LOGIN_RESPONSE).int16(36));
        names.remove("AuthMethod");
        assertEquals(0, initiator.tryLogin(names).status());
        TestServer.ready(initiator);
    }

    @Test
    public void refusedByHeader() throws IOException {
        TestInitiator version = server.connect();
        version.send(version.loginRequest(0x87).int8(2, 3).int8(3, 2));
        assertEquals(0x0205, version.expect(RawPdu.LOGIN_RESPONSE).int16(36));
        TestInitiator handle = server.connect();
        handle.send(handle.loginRequest(0x87).int16(14, 77).data(TextPairs.encode(handle.names("Normal", TARGET))));
        assertEquals(0x020A, handle.expect(RawPdu.LOGIN_RESPONSE).int16(36));
    }

    @Test
    public void reinstatementWaitsForTheOldTasks() throws IOException {
        TestInitiator old = server.login().isid(1);
        TestInitiator first = server.connect().isid(77).login(TARGET);
        TestServer.ready(first);
        server.store().hold();
        first.send(first.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        TestServer.until(() -> server.store().heldCount() == 1);
        TestInitiator again = server.connect().isid(77);
        Map<String, String> keys = again.names("Normal", TARGET);
        again.send(again.loginRequest(0x87).data(TextPairs.encode(keys)));
        first.expectClosed();
        // The old write is still in the store: no answer yet, while others are served.
        old.ping(new byte[5]);
        assertEquals(2, server.server().sessions().size());
        server.store().letGo();
        assertEquals(0, again.expect(RawPdu.LOGIN_RESPONSE).int16(36));
        assertEquals(2, server.server().sessions().size());
    }

    /** 6.3.5 and 4.4.3: a portal group is a target port, and one initiator port may be logged in to each. */
    @Test
    public void theSameIsidThroughAnotherPortalGroupIsAnotherSession() throws Exception {
        PortalConfig other = new PortalConfig("127.0.0.2", server.portal().getPort(), 2, "", true);
        InetSocketAddress second = server.server().bind(other);
        TestInitiator one = TestServer.ready(server.connect().isid(77).login(TARGET));
        try (TestInitiator two = TestInitiator.connect(second).isid(77).login(TARGET)) {
            TestServer.ready(two);
            assertEquals(2, server.server().sessions().size());
            one.write10(LUN_0, 0, pattern(1, 1), BLOCK);
            assertArrayEquals(pattern(1, 1), two.read10(LUN_0, 0, 1, BLOCK));
            assertEquals(0, server.ended());
            try (TestInitiator again = TestInitiator.connect(second).isid(77).login(TARGET)) {
                TestServer.ready(again);
                two.expectClosed();
                assertEquals(EndReason.REPLACED, server.end(1).reason());
            }
            one.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        }
    }

    @Test
    public void discoveryListsTargetsAndPortals() throws Exception {
        server.addTarget(TestServer.newTarget("iqn.2026-11.io.sluice:another"));
        TestInitiator initiator = server.connect().loginDiscovery();
        String portal = "TargetAddress=127.0.0.1:" + server.portal().getPort() + ",1\0";
        String another = "TargetName=iqn.2026-11.io.sluice:another\0" + portal;
        String disk = "TargetName=" + TARGET + "\0" + portal;
        assertEquals(another + disk, initiator.text(Map.of("SendTargets", "All")));
        assertEquals(disk, initiator.text(Map.of("SendTargets", TARGET)));
        assertEquals("", initiator.text(Map.of("SendTargets", "iqn.2026-11.io.sluice:absent")));
        assertEquals("X-none=NotUnderstood\0", initiator.text(Map.of("X-none", "1")));
        initiator.send(initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0));
        initiator.expectReject(4);
        initiator.logout();
    }

    @Test
    public void longAnswersAreContinued() throws IOException {
        for (int i = 0; i < 300; i++) {
            server.addTarget(TestServer.newTarget("iqn.2026-11.io.sluice:many-" + i));
        }
        String answer = server.connect().loginDiscovery().text(Map.of("SendTargets", "All"));
        assertEquals(301, answer.split("TargetName=", -1).length - 1);
    }

    @Test
    public void sendTargetsInANormalSession() throws IOException {
        TestInitiator initiator = server.login();
        assertTrue(initiator.text(Map.of("SendTargets", "")).startsWith("TargetName=" + TARGET + "\0"));
        initiator.send(initiator
                .request(RawPdu.TEXT)
                .int32(20, -1)
                .data("SendTargets=All\0".getBytes(StandardCharsets.UTF_8)));
        initiator.expectReject(4);
        initiator.send(initiator
                .request(RawPdu.TEXT)
                .int32(20, -1)
                .data("MaxBurstLength=512\0".getBytes(StandardCharsets.UTF_8)));
        initiator.expectReject(4);
        initiator.send(initiator.request(RawPdu.TEXT).int32(20, 4711));
        initiator.expectReject(4);
    }

    @Test
    public void aSegmentLengthMayBeDeclaredAnew() throws IOException {
        TestInitiator initiator = server.login();
        assertEquals("", initiator.text(Map.of("MaxRecvDataSegmentLength", "512", "InitiatorAlias", "host")));
        RawPdu read = initiator.command(LUN_0, Cdb.read10(0, 4), 0, 2048);
        initiator.send(read);
        assertEquals(4, initiator.finish(read.taskTag(), null).dataPdus());
        initiator.send(initiator
                .request(RawPdu.TEXT)
                .int32(20, -1)
                .data("MaxRecvDataSegmentLength=511\0".getBytes(StandardCharsets.UTF_8)));
        initiator.expectReject(4);
    }

    @Test
    public void aRejectedCommandLeavesAGap() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu wrong = initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0).flags(0x87);
        RawPdu next = initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0);
        initiator.send(wrong);
        initiator.send(next);
        assertEquals(wrong.int32(24), initiator.expectReject(9).int32(28));
        // An abort may fill the gap, and so may a command.
        initiator.cmdSn(next.int32(24) + 1);
        assertEquals(0, initiator.taskManagement(1, LUN_0, wrong.taskTag(), wrong.int32(24)));
        initiator.finish(next.taskTag(), null).expectGood();
        initiator.send(initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0).flags(0x87));
        initiator.expectReject(9);
        initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
    }

    @Test
    public void commandsAreServedInTheOrderOfTheirNumbers() throws IOException {
        TestInitiator initiator = server.login();
        int next = initiator.cmdSn();
        RawPdu second = initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0).int32(24, next + 1);
        RawPdu first = initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0).int32(24, next);
        initiator.send(second);
        initiator.send(first);
        assertEquals(first.taskTag(), initiator.expect(RawPdu.SCSI_RESPONSE).taskTag());
        assertEquals(second.taskTag(), initiator.expect(RawPdu.SCSI_RESPONSE).taskTag());
        for (int wrong : new int[] {next, next + 1, next - 100, next + 100_000}) {
            initiator.send(initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0).int32(24, wrong));
        }
        initiator.cmdSn(next + 2);
        initiator.ping(new byte[0]);
    }

    @Test
    public void commandNumbersWrap() throws IOException {
        TestInitiator initiator = server.connect();
        initiator.cmdSn(-3);
        TestServer.ready(initiator.login(TARGET));
        for (int i = 0; i < 6; i++) {
            initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        }
        assertEquals(5, initiator.cmdSn());
    }

    @Test
    public void tagInUseIsRejected() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu first = initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0);
        initiator.send(first);
        initiator.expect(RawPdu.R2T);
        initiator.send(initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0).taskTag(first.taskTag()));
        initiator.expectReject(7);
    }

    @Test
    public void abortedTaskHasNoResponse() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu write = initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0);
        initiator.send(write);
        initiator.expect(RawPdu.R2T);
        assertEquals(0, initiator.taskManagement(1, LUN_0, write.taskTag(), write.int32(24)));
        assertEquals(1, initiator.taskManagement(1, LUN_0, write.taskTag(), write.int32(24)));
        initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
    }

    @Test
    public void abortAnswersWhenTheStoreIsDone() throws IOException {
        TestInitiator initiator = server.login();
        server.store().hold();
        RawPdu write = initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1));
        initiator.send(write);
        TestServer.until(() -> server.store().heldCount() == 1);
        RawPdu abort = initiator.taskManagementRequest(1, LUN_0, write.taskTag(), write.int32(24));
        initiator.send(abort);
        initiator.ping(new byte[1]);
        server.store().letGo();
        assertEquals(0, initiator.expect(RawPdu.TASK_MANAGEMENT_RESPONSE).int8(2));
        initiator.ping(new byte[1]);
    }

    @Test
    public void abortOfACommandThatHasNotArrived() throws IOException {
        TestInitiator initiator = server.login();
        int missing = initiator.cmdSn();
        initiator.cmdSn(missing + 1);
        assertEquals(0, initiator.taskManagement(1, LUN_0, 4711, missing));
        initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        assertEquals(1, initiator.taskManagement(1, LUN_0, 4711, missing));
        assertEquals(1, initiator.taskManagement(1, LUN_0, 4711, initiator.cmdSn() + 5));
    }

    @Test
    public void taskManagementResponses() throws IOException {
        TestInitiator initiator = server.login();
        assertEquals(0, initiator.taskManagement(2, LUN_0, -1, 0));
        assertEquals(0, initiator.taskManagement(4, LUN_0, -1, 0));
        assertEquals(0, initiator.taskManagement(5, LUN_0, -1, 0));
        assertEquals(OTHER_LUN_RESPONSE, initiator.taskManagement(5, 5L << 48, -1, 0));
        assertEquals(0, initiator.taskManagement(6, LUN_0, -1, 0));
        assertEquals(4, initiator.taskManagement(8, LUN_0, -1, 0));
        assertEquals(5, initiator.taskManagement(0, LUN_0, -1, 0));
        assertEquals(5, initiator.taskManagement(9, LUN_0, -1, 0));
        assertEquals(5, initiator.taskManagement(127, LUN_0, -1, 0));
    }

    @Test
    public void coldResetDropsTheSessions() throws IOException {
        TestInitiator initiator = server.login();
        TestInitiator other = server.login();
        assertEquals(0, initiator.taskManagement(7, LUN_0, -1, 0));
        initiator.expectClosed();
        other.expectClosed();
        TestServer.until(() -> server.server().sessions().isEmpty());
    }

    @Test
    public void logout() throws IOException {
        TestInitiator initiator = server.login();
        initiator.send(initiator.request(RawPdu.LOGOUT).flags(0x81).int16(20, 9));
        assertEquals(1, initiator.expect(RawPdu.LOGOUT_RESPONSE).int8(2));
        initiator.send(initiator.request(RawPdu.LOGOUT).flags(0x82));
        assertEquals(2, initiator.expect(RawPdu.LOGOUT_RESPONSE).int8(2));
        initiator.send(initiator.request(RawPdu.LOGOUT).flags(0x83));
        initiator.expectReject(9);
        initiator.logout();
        TestServer.until(() -> server.server().sessions().isEmpty());
    }

    @Test
    public void closedByTheAdministrator() throws IOException {
        TestInitiator initiator = server.login();
        int id = server.server().sessions().get(0).id();
        assertTrue(server.server().closeSession(id));
        assertEquals(3, initiator.expect(RawPdu.ASYNC_MESSAGE).int8(36));
        initiator.expectClosed();
        assertFalse(server.server().closeSession(id));
    }

    /** The server looks once a second by itself; a session that does nothing then shows nothing. */
    @Test
    public void ratesAreShownAndFade() throws IOException {
        TestInitiator initiator = server.login();
        SessionStatus.Rates busy;
        do {
            initiator.write10(LUN_0, 0, pattern(64, 1), BLOCK);
            busy = server.server().sessions().get(0).rates();
        } while (busy.commands() == 0);
        assertTrue(busy.toString(), busy.writtenBytes() > 0 && busy.readBytes() == 0);
        TestServer.until(() -> server.server().sessions().get(0).rates().equals(SessionStatus.Rates.NONE));
    }

    @Test
    public void removedTargetEndsItsSessions() throws IOException {
        TestInitiator initiator = server.login();
        server.server().removeTarget(server.target());
        initiator.expect(RawPdu.ASYNC_MESSAGE);
        initiator.expectClosed();
        TestInitiator next = server.connect();
        assertEquals(0x0203, next.tryLogin(next.names("Normal", TARGET)).status());
    }

    @Test
    public void whoTakesTargetsAwayDoesNotWaitForAHungStore() throws Exception {
        TestInitiator initiator = server.login();
        server.store().hold();
        initiator.send(initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        TestServer.until(() -> server.store().heldCount() == 1);
        CompletableFuture<Void> removed =
                CompletableFuture.runAsync(() -> server.server().removeTarget(server.target()));
        removed.get(SOONER_THAN_A_DRAIN_SECONDS, TimeUnit.SECONDS);
        initiator.expectClosed();
        CompletableFuture<Void> ended =
                CompletableFuture.runAsync(() -> server.server().closeSessions(TARGET, Transport.Cause.TARGET_DELETED));
        assertFalse(ended.isDone());
        server.store().letGo();
        ended.get(SOONER_THAN_A_DRAIN_SECONDS, TimeUnit.SECONDS);
        assertTrue(server.server().sessions().isEmpty());
    }

    @Test
    public void stopAsksForLogoutAndLetsCommandsEnd() throws IOException {
        TestInitiator initiator = server.login();
        initiator.write10(LUN_0, 0, pattern(1, 3), BLOCK);
        server.store().hold();
        RawPdu read = initiator.command(LUN_0, Cdb.read10(0, 1), 0, BLOCK);
        initiator.send(read);
        TestServer.until(() -> server.store().heldCount() == 1);
        Thread stop = new Thread(server.server()::close, "stop");
        stop.start();
        assertEquals(1, initiator.expect(RawPdu.ASYNC_MESSAGE).int8(36));
        server.store().letGo();
        assertEquals(BLOCK, initiator.finish(read.taskTag(), null).expectGood().length);
        initiator.expectClosed();
    }
}
