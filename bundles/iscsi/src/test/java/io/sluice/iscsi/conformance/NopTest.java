package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.ping;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.Arrays;
import org.junit.Rule;
import org.junit.Test;

/** Group 15: pings of both sides (RFC 7143 11.18, 11.19). */
public final class NopTest {

    @Rule
    public final TestServer server = new TestServer();

    /** Pings soon. */
    @Rule
    public final TestServer pinging = new TestServer(TestServer.pinging());

    /** 15.1: a ping is answered with its tag, its unit and its data, of any length. */
    @Test
    public void aPingComesBack() throws IOException {
        TestInitiator initiator = server.login();
        for (int length : new int[] {0, 1, 2, 3, 4, 511, 4096, 65_536}) {
            byte[] data = new byte[length];
            Arrays.fill(data, (byte) length);
            RawPdu ping = ping(initiator, data).lun(1L << 48);
            initiator.send(ping);
            RawPdu answer = initiator.expect(RawPdu.NOP_IN);
            assertEquals(ping.taskTag(), answer.taskTag());
            assertEquals(1L << 48, answer.int64(8));
            assertEquals(0x80, answer.int8(1));
            assertArrayEquals(data, answer.data());
        }
    }

    /** 15.2: of a ping that is longer than the initiator takes as much comes back as it takes. */
    @Test
    public void theAnswerIsNoLongerThanTheInitiatorTakes() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "MaxRecvDataSegmentLength", "512");
        initiator.send(ping(initiator, new byte[2000]));
        assertEquals(512, initiator.expect(RawPdu.NOP_IN).data().length);
    }

    /** 15.3: an immediate ping takes no CmdSN; one without a tag has no answer. */
    @Test
    public void aPingWithoutTagHasNoAnswer() throws IOException {
        TestInitiator initiator = server.login();
        int next = initiator.cmdSn();
        initiator.send(ping(initiator, new byte[1]).immediate());
        initiator.cmdSn(next);
        assertEquals(next, initiator.expect(RawPdu.NOP_IN).int32(28));
        initiator.send(RawPdu.of(RawPdu.NOP_OUT)
                .immediate()
                .flags(0x80)
                .taskTag(RawPdu.RESERVED_TAG)
                .int32(20, RawPdu.RESERVED_TAG)
                .int32(24, next));
        initiator.ping(new byte[] {7});
        assertEquals(next + 1, initiator.cmdSn());
    }

    /** 15.4: the target pings a silent initiator with a tag to answer with, takes the answer, and pings again. */
    @Test
    public void theTargetPings() throws IOException {
        TestInitiator initiator = pinging.connect().login(TARGET);
        for (int i = 0; i < 3; i++) {
            RawPdu ours = initiator.expect(RawPdu.NOP_IN);
            assertEquals(RawPdu.RESERVED_TAG, ours.taskTag());
            assertNotEquals(RawPdu.RESERVED_TAG, ours.int32(20));
            initiator.send(RawPdu.of(RawPdu.NOP_OUT)
                    .immediate()
                    .flags(0x80)
                    .lun(ours.int64(8))
                    .taskTag(RawPdu.RESERVED_TAG)
                    .int32(20, ours.int32(20))
                    .int32(24, initiator.cmdSn()));
        }
        TestServer.ready(initiator);
        assertEquals(1, initiator.taskManagement(1, LUN_0, 4711, initiator.cmdSn() - 1));
    }

    /** 15.5: an initiator that does not answer is gone: the connection is closed. */
    @Test
    public void whoDoesNotAnswerIsGone() throws IOException {
        TestInitiator initiator = pinging.connect().login(TARGET);
        initiator.expect(RawPdu.NOP_IN);
        initiator.expectClosed();
        TestServer.until(() -> pinging.server().sessions().isEmpty());
    }
}
