package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.sluice.iscsi.session.EndReason;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** Peers that fall silent are not waited for (RFC 7143 11.19). */
public final class TimeoutTest {

    @Rule
    public final TestServer server = new TestServer(TestServer.config(Duration.ofMillis(300), Duration.ofMillis(200)));

    @Test
    public void loginMustEndInTime() throws IOException {
        TestInitiator silent = server.connect();
        TestInitiator halfHeader = server.connect();
        halfHeader.sendBytes(new byte[24]);
        TestInitiator noData = server.connect();
        noData.send(noData.loginRequest(0x87).declaredLength(100));
        TestInitiator halfWay = server.connect();
        halfWay.send(halfWay.loginRequest(0x04));
        silent.expectClosed();
        halfHeader.expectClosed();
        noData.expectClosed();
        halfWay.expectClosed();
    }

    @Test
    public void silentInitiatorIsPingedThenDropped() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu ping = initiator.expect(RawPdu.NOP_IN);
        assertEquals(RawPdu.RESERVED_TAG, ping.taskTag());
        initiator.send(RawPdu.of(RawPdu.NOP_OUT)
                .immediate()
                .flags(0x80)
                .taskTag(RawPdu.RESERVED_TAG)
                .int32(20, ping.int32(20)));
        initiator.expect(RawPdu.NOP_IN);
        initiator.expectClosed();
        TestServer.until(() -> server.server().sessions().isEmpty());
        assertEquals(EndReason.NO_ANSWER, server.end(1).reason());
    }

    @Test
    public void emptyDataIsNoProgress() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu command = initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0);
        initiator.send(command);
        int tag = initiator.expect(RawPdu.R2T).int32(20);
        assertThrows(IOException.class, () -> {
            for (int dataSn = 0; ; dataSn++) {
                initiator.send(initiator.dataOut(LUN_0, command.taskTag(), tag, dataSn, 0, new byte[0], false));
            }
        });
        TestServer.until(() -> server.server().sessions().isEmpty());
    }

    @Test
    public void whatOneCommandOwesIsNotHiddenByWhatOthersBring() throws IOException {
        TestInitiator initiator = server.login();
        initiator.send(initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0));
        initiator.expect(RawPdu.R2T);
        assertThrows(IOException.class, () -> {
            while (true) {
                RawPdu other = initiator.command(LUN_0, Cdb.write10(8, 8), 4096, 0);
                initiator.send(other);
                initiator.finish(other.taskTag(), new byte[4096]).expectGood();
            }
        });
        TestServer.until(() -> server.server().sessions().isEmpty());
    }

    @Test
    public void discoveryIsSoonOver() throws IOException {
        TestInitiator silent = server.connect().loginDiscovery();
        TestInitiator busy = server.connect().loginDiscovery();
        assertThrows(IOException.class, () -> {
            while (true) {
                busy.text(Map.of("SendTargets", "All"));
            }
        });
        silent.expectClosed();
        TestServer.until(() -> server.server().sessions().isEmpty());
        assertEquals(EndReason.DISCOVERY_TOO_LONG, server.end(2).reason());
    }

    @Test
    public void dataThatIsDueMustCome() throws IOException {
        TestInitiator initiator = server.login();
        initiator.send(initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0));
        initiator.expect(RawPdu.R2T);
        initiator.expectClosed();
        assertEquals(EndReason.DATA_MISSING, server.end(1).reason());
    }

    @Test
    public void answersMustBeTaken() throws IOException {
        TestInitiator initiator = server.connect(Duration.ofSeconds(20), 4096).login(TARGET);
        byte[] pings = new byte[64 << 10];
        assertThrows(IOException.class, () -> {
            while (true) {
                initiator.send(RawPdu.of(RawPdu.NOP_OUT)
                        .immediate()
                        .flags(0x80)
                        .taskTag(1)
                        .data(pings));
            }
        });
        assertEquals(EndReason.ANSWERS_NOT_TAKEN, server.end(1).reason());
    }
}
