package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.CRC_ERROR;
import static io.sluice.iscsi.conformance.Exchanges.answer;
import static io.sluice.iscsi.conformance.Exchanges.assertUntouched;
import static io.sluice.iscsi.conformance.Exchanges.expectSense;
import static io.sluice.iscsi.conformance.Exchanges.ones;
import static io.sluice.iscsi.conformance.Exchanges.text;
import static io.sluice.iscsi.conformance.Exchanges.unsolicited;
import static io.sluice.iscsi.conformance.Exchanges.write;
import static io.sluice.iscsi.conformance.Exchanges.writeUnsolicited;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.iscsi.session.EndReason;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import org.junit.Rule;
import org.junit.Test;

/** Group 18: digests that do not match (RFC 7143 7.8). */
public final class DigestErrorTest {

    private static final int DATA_DIGEST_ERROR = 2;

    @Rule
    public final TestServer server = new TestServer();

    private TestInitiator login() throws IOException {
        return Exchanges.login(server, "HeaderDigest", "CRC32C", "DataDigest", "CRC32C", "InitialR2T", "No");
    }

    /** 18.1: at ErrorRecoveryLevel 0 a wrong header digest ends the connection, because no length can be trusted. */
    @Test
    public void aWrongHeaderDigestEndsTheConnection() throws IOException {
        TestInitiator initiator = login();
        initiator.sendCorrupt(write(initiator, 0, 1).data(ones(512)), 1, 0);
        initiator.expectClosed();
        assertEquals(EndReason.PROTOCOL_ERROR, server.end(1).reason());
        assertUntouched(server);
    }

    /** 18.2: a command whose immediate data is damaged has not come: it is rejected, and may be sent again. */
    @Test
    public void damagedImmediateData() throws IOException {
        TestInitiator initiator = login();
        RawPdu write = write(initiator, 0, 1).data(ones(512));
        initiator.sendCorrupt(write, 0, 0x8000);
        assertEquals(write.int32(24), initiator.expectReject(DATA_DIGEST_ERROR).int32(28));
        assertUntouched(server);
        initiator.send(write);
        Exchanges.expectGood(initiator, write);
        assertArrayEquals(ones(512), server.store().content(0, 1));
    }

    /** 18.3: damaged Data-Out, asked for or not, is rejected; its write fails, after the last data that comes unasked. */
    @Test
    public void damagedDataOut() throws IOException {
        TestInitiator initiator = login();
        RawPdu solicited = write(initiator, 0, 1);
        initiator.send(solicited);
        RawPdu r2t = initiator.expect(RawPdu.R2T);
        initiator.sendCorrupt(answer(initiator, r2t, ones(512)), 0, 1);
        initiator.expectReject(DATA_DIGEST_ERROR);
        expectSense(initiator, solicited, CRC_ERROR);
        RawPdu announced = writeUnsolicited(initiator, 0, 4);
        initiator.send(announced);
        initiator.sendCorrupt(unsolicited(initiator, announced, 0, 0, 1024, false), 0, 1);
        initiator.expectReject(DATA_DIGEST_ERROR);
        initiator.ping(new byte[1]);
        initiator.send(unsolicited(initiator, announced, 1, 1024, 1024, true));
        expectSense(initiator, announced, CRC_ERROR);
        assertUntouched(server);
    }

    /** 18.4: damaged text and pings are rejected as if they had not come, and the session goes on. */
    @Test
    public void damagedTextAndPings() throws IOException {
        TestInitiator initiator = login();
        initiator.sendCorrupt(text(initiator, "X-a=1\0"), 0, 1);
        initiator.expectReject(DATA_DIGEST_ERROR);
        initiator.sendCorrupt(Exchanges.ping(initiator, new byte[100]), 0, 1);
        initiator.expectReject(DATA_DIGEST_ERROR);
        initiator.ping(new byte[100]);
    }
}
