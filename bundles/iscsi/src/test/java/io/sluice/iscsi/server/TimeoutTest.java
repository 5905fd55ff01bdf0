package io.sluice.iscsi.server;

import static io.sluice.iscsi.server.TestServer.LUN_0;
import static org.junit.Assert.assertEquals;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.time.Duration;
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
    }

    @Test
    public void dataThatIsDueMustCome() throws IOException {
        TestInitiator initiator = server.login();
        initiator.send(initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0));
        initiator.expect(RawPdu.R2T);
        initiator.expectClosed();
    }
}
