package io.sluice.itests.badinput;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** PDUs that were damaged on the way (RFC 7143 7.8). */
final class Digests {

    private static final int DATA_DIGEST_ERROR = 0x02;
    private static final int INVALID_OPERATION_CODE = 0x052000;
    private static final int PROTOCOL_SERVICE_CRC_ERROR = 0x0B4705;
    private static final Map<String, String> BOTH = Map.of("HeaderDigest", "CRC32C", "DataDigest", "CRC32C");

    private Digests() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(22, "a header digest is wrong: closed (7.8)", Digests::header),
                new BadInput(23, "a data digest is wrong: Reject 02, and no byte is written (7.8)", Digests::data),
                new BadInput(24, "the header digest is over additional headers too (11.2.3)", Digests::additional));
    }

    private static void header(World world) throws IOException {
        for (int opcode : new int[] {RawPdu.NOP_OUT, RawPdu.TEXT, RawPdu.LOGOUT, RawPdu.DATA_OUT}) {
            try (TestInitiator initiator = world.login(Map.of("HeaderDigest", "CRC32C"))) {
                initiator.sendCorrupt(initiator.request(opcode).int32(20, RawPdu.RESERVED_TAG), 1, 0);
                Expect.closedUnanswered(initiator);
            }
        }
        try (TestInitiator initiator = world.login(BOTH)) {
            byte[] before = initiator.read10(0, 0, 1, World.BLOCK);
            RawPdu write = initiator.command(0, Cdb.write10(0, 1), World.BLOCK, 0);
            initiator.sendCorrupt(write.data(other(before)), 1 << 31, 0);
            Expect.closedUnanswered(initiator);
            unchanged(world, before);
        }
    }

    /** Returns data in which each byte is another. */
    private static byte[] other(byte[] data) {
        byte[] other = data.clone();
        for (int i = 0; i < other.length; i++) {
            other[i]++;
        }
        return other;
    }

    private static void unchanged(World world, byte[] before) throws IOException {
        try (TestInitiator initiator = world.login()) {
            Expect.same(before, initiator.read10(0, 0, before.length / World.BLOCK, World.BLOCK));
        }
    }

    private static void data(World world) throws IOException {
        try (TestInitiator initiator = world.login(Map.of("DataDigest", "CRC32C", "InitialR2T", "No"))) {
            byte[] before = initiator.read10(0, 0, 16, World.BLOCK);
            byte[] data = other(before);
            damagedCommand(initiator, data);
            damagedData(initiator, data, true);
            damagedData(initiator, data, false);
            for (RawPdu pdu : List.of(
                    initiator.request(RawPdu.NOP_OUT).data(new byte[9]),
                    initiator.request(RawPdu.TEXT).data(TextPairs.encode(Map.of("SendTargets", ""))))) {
                pdu.int32(24, initiator.cmdSn() - 1);
                initiator.sendCorrupt(pdu.int32(20, RawPdu.RESERVED_TAG), 0, 1);
                initiator.expectReject(DATA_DIGEST_ERROR);
            }
            Expect.serves(initiator);
            unchanged(world, before);
        }
    }

    /** As if it had not come: the same CmdSN may come again. */
    private static void damagedCommand(TestInitiator initiator, byte[] data) throws IOException {
        initiator.sendCorrupt(
                initiator.command(0, Cdb.write10(0, 16), data.length, 0).data(data), 0, 1);
        initiator.expectReject(DATA_DIGEST_ERROR);
    }

    /** The task ends when all data has come, because it cannot be asked for again at ErrorRecoveryLevel 0. */
    private static void damagedData(TestInitiator initiator, byte[] data, boolean unsolicited) throws IOException {
        RawPdu write = initiator.command(0, Cdb.write10(0, 16), data.length, 0);
        write.flags(unsolicited ? write.int8(1) & 0x7F : write.int8(1));
        initiator.send(write);
        int transferTag =
                unsolicited ? RawPdu.RESERVED_TAG : initiator.expect(RawPdu.R2T).int32(20);
        int half = data.length / 2;
        RawPdu first = initiator.dataOut(0, write.taskTag(), transferTag, 0, 0, Arrays.copyOf(data, half), false);
        RawPdu second = initiator.dataOut(
                0, write.taskTag(), transferTag, 1, half, Arrays.copyOfRange(data, half, data.length), true);
        initiator.sendCorrupt(first, 0, 1 << 7);
        initiator.expectReject(DATA_DIGEST_ERROR);
        initiator.send(second);
        Expect.sense(PROTOCOL_SERVICE_CRC_ERROR, Expect.tag(write, initiator.expect(RawPdu.SCSI_RESPONSE)));
    }

    private static void additional(World world) throws IOException {
        byte[] cdb = new byte[16];
        cdb[0] = 0x7F;
        byte[] segment = {0, 5, 1, 0, 1, 2, 3, 4};
        try (TestInitiator initiator = world.login(BOTH)) {
            RawPdu whole = initiator.command(0, cdb, 0, 0).additional(segment);
            initiator.send(whole);
            initiator.finish(whole.taskTag(), null).expectSense(INVALID_OPERATION_CODE);
            initiator.sendCorrupt(initiator.command(0, cdb, 0, 0).additional(segment), 1, 0);
            Expect.closedUnanswered(initiator);
        }
    }
}
