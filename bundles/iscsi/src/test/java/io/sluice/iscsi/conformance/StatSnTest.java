package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.ones;
import static io.sluice.iscsi.conformance.Exchanges.read;
import static io.sluice.iscsi.conformance.Exchanges.write;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.IOException;
import org.junit.Rule;
import org.junit.Test;

/** Group 2: numbers of statuses (RFC 7143 4.2.2.2). */
public final class StatSnTest {

    @Rule
    public final TestServer server = new TestServer();

    /** Pings soon. */
    @Rule
    public final TestServer pinging = new TestServer(TestServer.pinging());

    /** 2.1: from the login on each status has the number after the one before, of whatever kind it is. */
    @Test
    public void eachStatusTakesTheNextNumber() throws IOException {
        TestInitiator initiator = server.connect();
        initiator.send(initiator.loginRequest(0x87).data(TextPairs.encode(initiator.names("Normal", TARGET))));
        int statSn = initiator.expect(RawPdu.LOGIN_RESPONSE).statSn();
        initiator.cmdSn(initiator.cmdSn());
        RawPdu[] requests = {
            Exchanges.ping(initiator, new byte[1]),
            Exchanges.testUnitReady(initiator),
            Exchanges.text(initiator, "SendTargets=\0"),
            initiator.taskManagementRequest(1, LUN_0, 4711, 0),
            RawPdu.of(0x17),
            read(initiator, 0, 1),
            // What the initiator says of what it expects is nothing that the target acts upon.
            Exchanges.ping(initiator, new byte[1]).int32(28, -100),
            initiator.request(RawPdu.LOGOUT),
        };
        for (RawPdu request : requests) {
            initiator.send(request);
            RawPdu answer = initiator.receive();
            assertEquals(answer.toString(), ++statSn, answer.statSn());
        }
    }

    /** 2.2: an R2T shows the next number and does not use it up. */
    @Test
    public void anR2tShowsTheNextNumber() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu write = write(initiator, 0, 1);
        initiator.send(write);
        RawPdu r2t = initiator.expect(RawPdu.R2T);
        initiator.send(Exchanges.answer(initiator, r2t, ones(512)));
        assertEquals(r2t.statSn(), initiator.expect(RawPdu.SCSI_RESPONSE).statSn());
    }

    /** 2.3: Data-In has a number only with a status. */
    @Test
    public void dataInWithoutStatusHasNoNumber() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "MaxRecvDataSegmentLength", "512");
        initiator.ping(new byte[0]);
        initiator.send(Exchanges.ping(initiator, new byte[0]));
        int before = initiator.expect(RawPdu.NOP_IN).statSn();
        initiator.send(read(initiator, 0, 3));
        assertEquals(0, initiator.expect(RawPdu.DATA_IN).statSn());
        assertEquals(0, initiator.expect(RawPdu.DATA_IN).statSn());
        assertEquals(before + 1, initiator.expect(RawPdu.DATA_IN).statSn());
    }

    /** 2.4: a ping of the target shows the next number and does not use it up. */
    @Test
    public void ourPingShowsTheNextNumber() throws IOException {
        TestInitiator initiator = pinging.connect().login(TARGET);
        RawPdu ours = initiator.expect(RawPdu.NOP_IN);
        initiator.send(Exchanges.ping(initiator, new byte[0]));
        assertEquals(ours.statSn(), initiator.expect(RawPdu.NOP_IN).statSn());
    }
}
