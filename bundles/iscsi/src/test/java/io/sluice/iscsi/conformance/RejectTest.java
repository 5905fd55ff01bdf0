package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.testUnitReady;
import static io.sluice.iscsi.conformance.Exchanges.write;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.Arrays;
import org.junit.Rule;
import org.junit.Test;

/** Group 14: Reject (RFC 7143 7.3, 11.17). */
public final class RejectTest {

    @Rule
    public final TestServer server = new TestServer();

    /** 14.1: a Reject brings the whole header of what it rejects and has the reserved task tag. */
    @Test
    public void theHeaderComesBack() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu wrong = RawPdu.of(0x1B).flags(0x85).taskTag(0x1234_5678).data(new byte[100]);
        for (int i = 8; i < RawPdu.HEADER_BYTES; i++) {
            wrong.int8(i, i);
        }
        byte[] sent = Arrays.copyOf(wrong.toBytes(), RawPdu.HEADER_BYTES);
        initiator.send(wrong);
        RawPdu reject = initiator.expectReject(5);
        assertArrayEquals(sent, reject.data());
        assertEquals(0x80, reject.int8(1));
        assertEquals(RawPdu.RESERVED_TAG, reject.taskTag());
        assertEquals(0, reject.int64(8));
        assertEquals(0, reject.int32(36));
    }

    /** 14.2: a Reject uses up a StatSN, and a rejected command does not use up its CmdSN. */
    @Test
    public void numbersOfARejectedCommand() throws IOException {
        TestInitiator initiator = server.login();
        initiator.send(Exchanges.ping(initiator, new byte[0]));
        int statSn = initiator.expect(RawPdu.NOP_IN).statSn();
        RawPdu wrong = testUnitReady(initiator).flags(0x87);
        initiator.send(wrong);
        RawPdu reject = initiator.expectReject(9);
        assertEquals(statSn + 1, reject.statSn());
        assertEquals(wrong.int32(24), reject.int32(28));
        RawPdu again = testUnitReady(initiator);
        assertEquals(wrong.int32(24), again.int32(24));
        initiator.send(again);
        assertEquals(statSn + 2, initiator.expect(RawPdu.SCSI_RESPONSE).statSn());
    }

    /** 14.3: each reason where it belongs: unknown opcode, invalid field, tag in use, protocol error. */
    @Test
    public void reasons() throws IOException {
        TestInitiator initiator = server.login();
        for (int opcode : new int[] {0x07, 0x0F, 0x11, 0x1F, RawPdu.NOP_IN, RawPdu.DATA_IN, RawPdu.REJECT}) {
            initiator.send(RawPdu.of(opcode).flags(0x80));
            initiator.expectReject(5);
        }
        initiator.send(testUnitReady(initiator).taskTag(RawPdu.RESERVED_TAG));
        initiator.expectReject(9);
        RawPdu write = write(initiator, 0, 1);
        initiator.send(write);
        initiator.expect(RawPdu.R2T);
        initiator.send(testUnitReady(initiator).taskTag(write.taskTag()));
        initiator.expectReject(7);
        initiator.send(initiator.loginRequest(0x87));
        initiator.expectReject(4);
        initiator.ping(new byte[1]);
    }
}
