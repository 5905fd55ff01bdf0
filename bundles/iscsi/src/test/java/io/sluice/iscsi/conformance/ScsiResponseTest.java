package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.NOT_ENOUGH_UNSOLICITED;
import static io.sluice.iscsi.conformance.Exchanges.UNEXPECTED_UNSOLICITED;
import static io.sluice.iscsi.conformance.Exchanges.assertUntouched;
import static io.sluice.iscsi.conformance.Exchanges.expectSense;
import static io.sluice.iscsi.conformance.Exchanges.ones;
import static io.sluice.iscsi.conformance.Exchanges.senseOf;
import static io.sluice.iscsi.conformance.Exchanges.unsolicited;
import static io.sluice.iscsi.conformance.Exchanges.write;
import static io.sluice.iscsi.conformance.Exchanges.writeUnsolicited;
import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.BLOCKS;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import org.junit.Rule;
import org.junit.Test;

/** Group 16: responses (RFC 7143 11.4). */
public final class ScsiResponseTest {

    @Rule
    public final TestServer server = new TestServer();

    /** 16.1: a read that moves less or more than expected says so, and by how much; one that fails has moved nothing. */
    @Test
    public void residualsOfReads() throws IOException {
        TestInitiator initiator = server.login();
        initiator.write10(LUN_0, 0, pattern(8, 2), BLOCK);
        assertArrayEquals(
                pattern(2, 2),
                initiator
                        .execute(LUN_0, Cdb.read10(0, 2), null, 4096)
                        .expectResidual(-3072)
                        .data());
        assertEquals(
                1000,
                initiator
                        .execute(LUN_0, Cdb.read10(0, 8), null, 1000)
                        .expectResidual(3096)
                        .data()
                        .length);
        initiator.execute(LUN_0, Cdb.read10(0, 8), null, 4096).expectGood();
        initiator
                .execute(LUN_0, Cdb.read10(BLOCKS, 8), null, 4096)
                .expectSense(0x052100)
                .expectResidual(-4096);
    }

    /** 16.2: a write takes no more than it wants, and writes no more than it was given. */
    @Test
    public void residualsOfWrites() throws IOException {
        TestInitiator initiator = server.login();
        initiator.execute(LUN_0, Cdb.write10(0, 1), ones(1024), 0).expectResidual(-512);
        assertArrayEquals(ones(512), server.store().content(0, 1));
        assertArrayEquals(new byte[512], server.store().content(1, 1));
        initiator.execute(LUN_0, Cdb.write10(8, 4), ones(1024), 0).expectResidual(1024);
        assertArrayEquals(new byte[1024], server.store().content(10, 2));
        initiator.execute(LUN_0, Cdb.testUnitReady(), null, 100).expectResidual(-100);
    }

    /** 16.3: sense data stands behind its length; a command that ends well has none. */
    @Test
    public void senseDataStandsBehindItsLength() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu wrong = initiator.command(LUN_0, new byte[] {(byte) 0xFF}, 0, 0);
        initiator.send(wrong);
        RawPdu response = initiator.expect(RawPdu.SCSI_RESPONSE);
        assertEquals(wrong.taskTag(), response.taskTag());
        assertEquals("completed at the target", 0, response.int8(2));
        assertEquals(2, response.int8(3));
        byte[] data = response.data();
        assertEquals(data.length - 2, (data[0] & 0xFF) << 8 | data[1] & 0xFF);
        assertEquals(0x052000, senseOf(response));
        initiator.send(Exchanges.testUnitReady(initiator));
        assertEquals(0, initiator.expect(RawPdu.SCSI_RESPONSE).data().length);
    }

    /** 16.4: data that comes unasked and is too much, or too little, has its own sense data, and nothing is written. */
    @Test
    public void senseDataOfUnsolicitedData() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "InitialR2T", "No", "FirstBurstLength", "512");
        RawPdu tooMuch = write(initiator, 0, 2).data(ones(1024));
        initiator.send(tooMuch);
        expectSense(initiator, tooMuch, UNEXPECTED_UNSOLICITED);
        RawPdu tooLittle = writeUnsolicited(initiator, 0, 2);
        initiator.send(tooLittle);
        initiator.send(unsolicited(initiator, tooLittle, 0, 0, 256, true));
        expectSense(initiator, tooLittle, NOT_ENOUGH_UNSOLICITED);
        assertUntouched(server);
    }

    /** 16.5: a command that comes again while it is under way has one response. */
    @Test
    public void aRetryHasNoResponseOfItsOwn() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu write = write(initiator, 0, 1);
        initiator.send(write);
        RawPdu r2t = initiator.expect(RawPdu.R2T);
        initiator.send(write);
        initiator.send(Exchanges.answer(initiator, r2t, ones(512)));
        Exchanges.expectGood(initiator, write);
        initiator.send(write);
        initiator.ping(new byte[1]);
    }

    /** 16.6: a command that fails early is answered when its unsolicited data has come, to the PDU with F. */
    @Test
    public void theResponseWaitsForTheLastUnsolicitedData() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "InitialR2T", "No");
        RawPdu beyond =
                initiator.command(LUN_0, Cdb.write10(BLOCKS, 4), 2048, 0).flags(Exchanges.WRITE | Exchanges.SIMPLE);
        initiator.send(beyond);
        initiator.ping(new byte[1]);
        initiator.send(unsolicited(initiator, beyond, 0, 0, 1024, false));
        initiator.ping(new byte[2]);
        initiator.send(unsolicited(initiator, beyond, 1, 1024, 1024, true));
        expectSense(initiator, beyond, 0x052100);
    }
}
