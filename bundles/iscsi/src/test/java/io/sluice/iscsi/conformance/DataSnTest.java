package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.DATA_PHASE_ERROR;
import static io.sluice.iscsi.conformance.Exchanges.assertUntouched;
import static io.sluice.iscsi.conformance.Exchanges.expectSense;
import static io.sluice.iscsi.conformance.Exchanges.read;
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

/** Group 3: numbers of data PDUs (RFC 7143 4.2.2.4, 11.7.5). */
public final class DataSnTest {

    @Rule
    public final TestServer server = new TestServer();

    /** 3.1: each command's Data-In begins with zero and counts one by one. */
    @Test
    public void dataInBeginsWithZero() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "MaxRecvDataSegmentLength", "512");
        for (int blocks = 1; blocks <= 4; blocks++) {
            expectDataSns(initiator, blocks);
        }
    }

    /** 3.2: the numbers go on over all sequences of a command. */
    @Test
    public void dataSnGoesOnOverSequences() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "MaxRecvDataSegmentLength", "512", "MaxBurstLength", "1024");
        expectDataSns(initiator, 7);
    }

    private static void expectDataSns(TestInitiator initiator, int pdus) throws IOException {
        initiator.send(read(initiator, 0, pdus));
        for (int dataSn = 0; dataSn < pdus; dataSn++) {
            assertEquals(dataSn, initiator.expect(RawPdu.DATA_IN).int32(36));
        }
    }

    /** 3.3: Data-Out counts from zero for each R2T; any other number fails the write, and nothing is written. */
    @Test
    public void dataOutCountsFromZeroForEachR2t() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "MaxBurstLength", "1024", "FirstBurstLength", "512");
        for (int wrong : new int[] {1, 2, -1, 27}) {
            RawPdu write = write(initiator, 0, 4);
            initiator.send(write);
            RawPdu first = initiator.expect(RawPdu.R2T);
            initiator.send(Exchanges.answer(initiator, first, pattern(4, 1)));
            RawPdu second = initiator.expect(RawPdu.R2T);
            initiator.send(Exchanges.answer(initiator, second, pattern(4, 1)).int32(36, wrong));
            expectSense(initiator, write, DATA_PHASE_ERROR);
        }
        assertUntouched(server);
        RawPdu write = write(initiator, 0, 4);
        initiator.send(write);
        initiator.finish(write.taskTag(), pattern(4, 1)).expectGood();
        assertArrayEquals(pattern(4, 1), server.store().content(0, 4));
    }
}
