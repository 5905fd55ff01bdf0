package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.FINAL;
import static io.sluice.iscsi.conformance.Exchanges.read;
import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.BLOCKS;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** Group 9: Data-In (RFC 7143 11.7). */
public final class DataInTest {

    private static final int STATUS = 0x01;
    private static final int ACKNOWLEDGE = 0x40;

    @Rule
    public final TestServer server = new TestServer();

    private static List<RawPdu> receive(TestInitiator initiator, int blocks) throws IOException {
        initiator.send(read(initiator, 0, blocks));
        List<RawPdu> pdus = new ArrayList<>();
        do {
            pdus.add(initiator.expect(RawPdu.DATA_IN));
        } while ((pdus.get(pdus.size() - 1).int8(1) & STATUS) == 0);
        return pdus;
    }

    /** 9.1: no segment is longer than the initiator takes, whatever that is. */
    @Test
    public void segmentsAreNoLongerThanDeclared() throws IOException {
        for (int limit : new int[] {512, 513, 4096, 65_535, 16_777_215}) {
            TestInitiator initiator = Exchanges.login(server, "MaxRecvDataSegmentLength", Integer.toString(limit));
            int total = 0;
            for (RawPdu pdu : receive(initiator, 300)) {
                assertTrue(pdu.data().length + " of " + limit, pdu.data().length <= limit);
                total += pdu.data().length;
            }
            assertEquals(300 * BLOCK, total);
        }
    }

    /** 9.2: no sequence is longer than MaxBurstLength, and F is set at the end of each. */
    @Test
    public void sequencesAreNoLongerThanABurst() throws IOException {
        for (int burst : new int[] {512, 1000, 4096, 100_000}) {
            TestInitiator initiator = Exchanges.login(
                    server, "MaxRecvDataSegmentLength", "512", "MaxBurstLength", Integer.toString(burst));
            int sequence = 0;
            int sequences = 0;
            for (RawPdu pdu : receive(initiator, 40)) {
                sequence += pdu.data().length;
                assertTrue(sequence + " of " + burst, sequence <= burst);
                if (pdu.last()) {
                    sequence = 0;
                    sequences++;
                }
            }
            assertEquals("F ends the last one", 0, sequence);
            assertEquals((40 * BLOCK + burst - 1) / burst, sequences);
        }
    }

    /** 9.3: offsets go on without gap or overlap, because both orders are Yes. */
    @Test
    public void offsetsGoOn() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "MaxRecvDataSegmentLength", "700", "MaxBurstLength", "1500");
        initiator.write10(LUN_0, 0, pattern(9, 6), BLOCK);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (RawPdu pdu : receive(initiator, 9)) {
            assertEquals(data.size(), pdu.int32(40));
            data.writeBytes(pdu.data());
        }
        assertArrayEquals(pattern(9, 6), data.toByteArray());
    }

    /** 9.4: S comes once, with F and the last data; before it status and residual are zero, and A is never set. */
    @Test
    public void statusComesWithTheLastData() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "MaxRecvDataSegmentLength", "512", "MaxBurstLength", "1024");
        List<RawPdu> pdus = receive(initiator, 5);
        assertEquals(5, pdus.size());
        for (int i = 0; i < 5; i++) {
            RawPdu pdu = pdus.get(i);
            int burstEnd = i % 2 == 1 || i == 4 ? FINAL : 0;
            assertEquals(burstEnd | (i == 4 ? STATUS : 0), pdu.int8(1));
            assertEquals(0, pdu.int8(1) & ACKNOWLEDGE);
            assertEquals(0, pdu.int8(3));
            assertEquals(0, pdu.int32(44));
        }
        // A status that is not GOOD comes in a response of its own, without any Data-In.
        initiator.send(initiator.command(LUN_0, Cdb.read10(BLOCKS, 4), 0, 2048));
        assertEquals(2, initiator.expect(RawPdu.SCSI_RESPONSE).int8(3));
    }
}
