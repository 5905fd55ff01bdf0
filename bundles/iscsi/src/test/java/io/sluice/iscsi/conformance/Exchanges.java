package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What many checks do: log in with keys, send pieces of a write, look at the medium. */
final class Exchanges {

    /** Protocol service, CRC error. */
    static final int CRC_ERROR = 0x0B4705;
    /** Data phase error. */
    static final int DATA_PHASE_ERROR = 0x0B4B00;
    /** Not enough unsolicited data. */
    static final int NOT_ENOUGH_UNSOLICITED = 0x0B0C0D;
    /** Unexpected unsolicited data. */
    static final int UNEXPECTED_UNSOLICITED = 0x0B0C0C;
    /** The F bit. */
    static final int FINAL = 0x80;
    /** The C bit of text requests. */
    static final int CONTINUE = 0x40;
    /** The R bit of a command. */
    static final int READ = 0x40;
    /** The W bit of a command. */
    static final int WRITE = 0x20;
    /** The task attribute SIMPLE. */
    static final int SIMPLE = 0x01;

    private Exchanges() {}

    /** Logs in with keys and values that come on top of the ordinary ones. */
    static TestInitiator login(TestServer server, String... keysAndValues) throws IOException {
        Map<String, String> keys = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            keys.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return TestServer.ready(server.connect().login(TARGET, keys));
    }

    /** Makes a WRITE(10) without data: F is set, so what it wants comes by R2Ts. */
    static RawPdu write(TestInitiator initiator, long lba, int blocks) {
        return initiator.command(LUN_0, Cdb.write10(lba, blocks), (long) blocks * BLOCK, 0);
    }

    /** Makes a WRITE(10) after which unsolicited Data-Out comes: F is not set. */
    static RawPdu writeUnsolicited(TestInitiator initiator, long lba, int blocks) {
        return write(initiator, lba, blocks).flags(WRITE | SIMPLE);
    }

    /** Makes a READ(10). */
    static RawPdu read(TestInitiator initiator, long lba, int blocks) {
        return initiator.command(LUN_0, Cdb.read10(lba, blocks), 0, (long) blocks * BLOCK);
    }

    static RawPdu testUnitReady(TestInitiator initiator) {
        return initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0);
    }

    /** Makes the only Data-Out PDU that answers an R2T. */
    static RawPdu answer(TestInitiator initiator, RawPdu r2t, byte[] data) {
        int offset = r2t.int32(40);
        byte[] part = Arrays.copyOfRange(data, offset, offset + r2t.int32(44));
        return initiator.dataOut(r2t.int64(8), r2t.taskTag(), r2t.int32(20), 0, offset, part, true);
    }

    /** Makes an unsolicited Data-Out PDU. */
    static RawPdu unsolicited(
            TestInitiator initiator, RawPdu command, int dataSn, int offset, int length, boolean last) {
        return initiator.dataOut(LUN_0, command.taskTag(), RawPdu.RESERVED_TAG, dataSn, offset, ones(length), last);
    }

    /** Makes a text request that begins an exchange. */
    static RawPdu text(TestInitiator initiator, String text) {
        return initiator
                .request(RawPdu.TEXT)
                .int32(20, RawPdu.RESERVED_TAG)
                .data(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Makes a ping. */
    static RawPdu ping(TestInitiator initiator, byte[] data) {
        return initiator.request(RawPdu.NOP_OUT).int32(20, RawPdu.RESERVED_TAG).data(data);
    }

    /** Fails unless the command ends with this sense, whatever R2Ts come before. */
    static void expectSense(TestInitiator initiator, RawPdu command, int sense) throws IOException {
        RawPdu pdu = initiator.receive();
        while (pdu.opcode() == RawPdu.R2T) {
            pdu = initiator.receive();
        }
        assertEquals(pdu.toString(), RawPdu.SCSI_RESPONSE, pdu.opcode());
        assertEquals(command.taskTag(), pdu.taskTag());
        assertEquals(Integer.toHexString(sense), Integer.toHexString(senseOf(pdu)));
    }

    /** Fails unless the next PDU is the response to the command, and GOOD. */
    static void expectGood(TestInitiator initiator, RawPdu command) throws IOException {
        RawPdu response = initiator.expect(RawPdu.SCSI_RESPONSE);
        assertEquals(command.taskTag(), response.taskTag());
        assertEquals(response.toString(), 0, response.int8(3));
    }

    /** Returns sense key, code and qualifier as one number. */
    static int senseOf(RawPdu response) {
        byte[] data = response.data();
        return data.length < 16 ? -1 : (data[4] & 0xF) << 16 | (data[14] & 0xFF) << 8 | data[15] & 0xFF;
    }

    /** Fails if anything has been written to the first blocks. */
    static void assertUntouched(TestServer server) {
        assertArrayEquals(new byte[64 * BLOCK], server.store().content(0, 64));
    }

    static byte[] ones(int length) {
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) 1);
        return data;
    }
}
