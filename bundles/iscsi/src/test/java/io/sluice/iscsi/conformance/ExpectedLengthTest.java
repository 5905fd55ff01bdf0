package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.FINAL;
import static io.sluice.iscsi.conformance.Exchanges.READ;
import static io.sluice.iscsi.conformance.Exchanges.SIMPLE;
import static io.sluice.iscsi.conformance.Exchanges.answer;
import static io.sluice.iscsi.conformance.Exchanges.ones;
import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import org.junit.Rule;
import org.junit.Test;

/** Group 19: the Expected Data Transfer Length (RFC 7143 11.3.4, 11.4.5). */
public final class ExpectedLengthTest {

    private static final int OVERFLOW = 0x04;

    @Rule
    public final TestServer server = new TestServer();

    /** 19.1: a read sends no more than is expected; if nothing is, nothing. */
    @Test
    public void noMoreIsSentThanIsExpected() throws IOException {
        TestInitiator initiator = server.login();
        for (int expected : new int[] {0, 1, 3, 511, 512, 1000}) {
            RawPdu read =
                    initiator.command(LUN_0, Cdb.read10(0, 2), 0, expected).flags(FINAL | READ | SIMPLE);
            initiator.send(read);
            assertEquals(
                    expected,
                    initiator
                            .finish(read.taskTag(), null)
                            .expectResidual(1024 - expected)
                            .data()
                            .length);
        }
    }

    /** 19.2: a write asks for what is offered and wanted, and for no more. */
    @Test
    public void noMoreIsAskedForThanIsOfferedAndWanted() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu less = initiator.command(LUN_0, Cdb.write10(0, 4), BLOCK, 0);
        initiator.send(less);
        RawPdu first = initiator.expect(RawPdu.R2T);
        assertEquals(BLOCK, first.int32(44));
        initiator.send(answer(initiator, first, ones(BLOCK)));
        RawPdu response = initiator.expect(RawPdu.SCSI_RESPONSE);
        assertEquals(OVERFLOW, response.int8(1) & 0x06);
        assertEquals(3 * BLOCK, response.int32(44));
        assertArrayEquals(new byte[3 * BLOCK], server.store().content(1, 3));
        RawPdu more = initiator.command(LUN_0, Cdb.write10(8, 1), 8 * BLOCK, 0);
        initiator.send(more);
        assertEquals(BLOCK, initiator.expect(RawPdu.R2T).int32(44));
    }

    /** 19.3: the largest length that can be expected is no reason to fail, and nothing is set aside for it. */
    @Test
    public void theLargestLength() throws IOException {
        TestInitiator initiator = server.login();
        long most = 0xFFFF_FFFFL;
        for (int i = 0; i < 32; i++) {
            initiator.execute(LUN_0, Cdb.read10(0, 1), null, most).expectResidual(BLOCK - most);
        }
        RawPdu write = initiator.command(LUN_0, Cdb.write10(0, 1), most, 0);
        initiator.send(write);
        RawPdu r2t = initiator.expect(RawPdu.R2T);
        assertEquals(BLOCK, r2t.int32(44));
        initiator.send(answer(initiator, r2t, ones(BLOCK)));
        assertEquals(0, initiator.expect(RawPdu.SCSI_RESPONSE).int8(3));
        assertArrayEquals(ones(BLOCK), server.store().content(0, 1));
    }
}
