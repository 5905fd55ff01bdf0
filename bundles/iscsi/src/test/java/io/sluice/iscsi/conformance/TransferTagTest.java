package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.DATA_PHASE_ERROR;
import static io.sluice.iscsi.conformance.Exchanges.answer;
import static io.sluice.iscsi.conformance.Exchanges.assertUntouched;
import static io.sluice.iscsi.conformance.Exchanges.expectSense;
import static io.sluice.iscsi.conformance.Exchanges.ones;
import static io.sluice.iscsi.conformance.Exchanges.read;
import static io.sluice.iscsi.conformance.Exchanges.write;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;

/** Group 8: Target Transfer Tags (RFC 7143 11.7.4, 11.8.5). */
public final class TransferTagTest {

    @Rule
    public final TestServer server = new TestServer();

    /** 8.1: tags of R2Ts are none of them the reserved one, and while they are in use all different. */
    @Test
    public void tagsOfR2tsDiffer() throws IOException {
        TestInitiator initiator =
                Exchanges.login(server, "MaxBurstLength", "512", "FirstBurstLength", "512", "MaxOutstandingR2T", "4");
        Set<Integer> tags = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            initiator.send(write(initiator, 8L * i, 4));
            for (int j = 0; j < 4; j++) {
                int tag = initiator.expect(RawPdu.R2T).int32(20);
                assertNotEquals(RawPdu.RESERVED_TAG, tag);
                assertTrue("tag " + tag + " again", tags.add(tag));
            }
        }
    }

    /** 8.2: Data-Out with a tag that was never given out, or has been used up, fails its write and writes nothing. */
    @Test
    public void dataWithAnUnknownTag() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "MaxBurstLength", "512", "FirstBurstLength", "512");
        RawPdu write = write(initiator, 0, 1);
        initiator.send(write);
        RawPdu r2t = initiator.expect(RawPdu.R2T);
        initiator.send(answer(initiator, r2t, ones(512)).int32(20, r2t.int32(20) + 1000));
        expectSense(initiator, write, DATA_PHASE_ERROR);
        RawPdu twice = write(initiator, 0, 2);
        initiator.send(twice);
        RawPdu first = initiator.expect(RawPdu.R2T);
        initiator.send(answer(initiator, first, ones(1024)));
        initiator.send(answer(initiator, first, ones(1024)));
        expectSense(initiator, twice, DATA_PHASE_ERROR);
        assertUntouched(server);
    }

    /** 8.3: a tag counts with its own command and LUN only. */
    @Test
    public void aTagOfAnotherCommandOrUnit() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu[] writes = {write(initiator, 0, 1), write(initiator, 8, 1)};
        RawPdu[] r2ts = new RawPdu[2];
        for (int i = 0; i < 2; i++) {
            initiator.send(writes[i]);
            r2ts[i] = initiator.expect(RawPdu.R2T);
        }
        initiator.send(answer(initiator, r2ts[1], ones(512)).taskTag(writes[0].taskTag()));
        expectSense(initiator, writes[0], DATA_PHASE_ERROR);
        initiator.send(answer(initiator, r2ts[1], ones(512)).lun(1L << 48));
        expectSense(initiator, writes[1], DATA_PHASE_ERROR);
        assertUntouched(server);
    }

    /** 8.4: what asks for nothing has the reserved tag: Data-In without acknowledgement, the answer to a ping, a whole text. */
    @Test
    public void whatAsksForNothingHasTheReservedTag() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "MaxRecvDataSegmentLength", "512");
        initiator.send(read(initiator, 0, 3));
        for (int i = 0; i < 3; i++) {
            assertEquals(RawPdu.RESERVED_TAG, initiator.expect(RawPdu.DATA_IN).int32(20));
        }
        initiator.send(Exchanges.ping(initiator, new byte[1]));
        assertEquals(RawPdu.RESERVED_TAG, initiator.expect(RawPdu.NOP_IN).int32(20));
        initiator.send(Exchanges.text(initiator, "SendTargets=\0"));
        assertEquals(RawPdu.RESERVED_TAG, initiator.expect(RawPdu.TEXT_RESPONSE).int32(20));
    }
}
