package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.answer;
import static io.sluice.iscsi.conformance.Exchanges.write;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import org.junit.Rule;
import org.junit.Test;

/** Group 4: numbers of R2Ts (RFC 7143 4.2.2.4, 11.8.2). */
public final class R2tSnTest {

    @Rule
    public final TestServer server = new TestServer();

    /** 4.1: a command's R2Ts are counted one by one from zero, and the response says how many there were. */
    @Test
    public void r2tsAreCountedFromZero() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "MaxBurstLength", "512", "FirstBurstLength", "512");
        for (int blocks = 1; blocks <= 5; blocks++) {
            initiator.send(write(initiator, 0, blocks));
            for (int r2tSn = 0; r2tSn < blocks; r2tSn++) {
                RawPdu r2t = initiator.expect(RawPdu.R2T);
                assertEquals(r2tSn, r2t.int32(36));
                initiator.send(answer(initiator, r2t, pattern(blocks, 3)));
            }
            assertEquals(blocks, initiator.expect(RawPdu.SCSI_RESPONSE).int32(36));
        }
    }

    /** 4.2: each of several commands counts its own. */
    @Test
    public void eachCommandCountsItsOwn() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "MaxBurstLength", "512", "FirstBurstLength", "512");
        RawPdu[] writes = {write(initiator, 0, 2), write(initiator, 8, 2)};
        RawPdu[] r2ts = new RawPdu[2];
        for (int i = 0; i < 2; i++) {
            initiator.send(writes[i]);
            r2ts[i] = initiator.expect(RawPdu.R2T);
            assertEquals(writes[i].taskTag(), r2ts[i].taskTag());
            assertEquals(0, r2ts[i].int32(36));
        }
        for (int i = 1; i >= 0; i--) {
            initiator.send(answer(initiator, r2ts[i], pattern(2, i)));
            RawPdu next = initiator.expect(RawPdu.R2T);
            assertEquals(writes[i].taskTag(), next.taskTag());
            assertEquals(1, next.int32(36));
            initiator.send(answer(initiator, next, pattern(2, i)));
            assertEquals(2, initiator.expect(RawPdu.SCSI_RESPONSE).int32(36));
        }
        assertArrayEquals(pattern(2, 0), server.store().content(0, 2));
        assertArrayEquals(pattern(2, 1), server.store().content(8, 2));
    }
}
