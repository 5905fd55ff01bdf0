package io.sluice.testkit.initiator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** What goes to and fro for a command that has been sent (RFC 7143 11.3 to 11.8); all of it is checked. */
final class CommandExchange {

    private static final int ASYNC_EVENT = 36;
    private static final int SCSI_EVENT = 0;
    private static final int ALL_CONNECTIONS_DROPPED = 3;

    private final TestInitiator initiator;

    CommandExchange(TestInitiator initiator) {
        this.initiator = initiator;
    }

    /** Serves it until its status comes. SCSI events, and that the session is to end, may come at any time (RFC 7143 11.9). */
    ScsiResult finish(int taskTag, byte[] dataOut) throws IOException {
        ByteArrayOutputStream dataIn = new ByteArrayOutputStream();
        int dataPdus = 0;
        int r2ts = 0;
        while (true) {
            RawPdu pdu = initiator.receive();
            if (pdu.opcode() == RawPdu.ASYNC_MESSAGE && pdu.int8(ASYNC_EVENT) == SCSI_EVENT) {
                continue;
            }
            if (pdu.opcode() == RawPdu.ASYNC_MESSAGE && pdu.int8(ASYNC_EVENT) <= ALL_CONNECTIONS_DROPPED) {
                initiator.endAnnounced();
                continue;
            }
            if (pdu.taskTag() != taskTag) {
                throw new AssertionError("PDU of another task: " + pdu);
            }
            switch (pdu.opcode()) {
                case RawPdu.R2T -> {
                    if (pdu.int32(36) != r2ts++) {
                        throw new AssertionError("wrong R2TSN: " + pdu);
                    }
                    answer(pdu, dataOut);
                }
                case RawPdu.DATA_IN -> {
                    if (pdu.int32(36) != dataPdus++ || pdu.int32(40) != dataIn.size()) {
                        throw new AssertionError("Data-In out of order: " + pdu);
                    }
                    dataIn.writeBytes(pdu.data());
                    if ((pdu.int8(1) & 1) != 0) {
                        return ScsiResult.of(pdu, 0, dataIn.toByteArray(), dataPdus, r2ts);
                    }
                }
                case RawPdu.SCSI_RESPONSE -> {
                    if (!initiator.isTolerant() && pdu.int32(36) != dataPdus + r2ts) {
                        throw new AssertionError("wrong ExpDataSN: " + pdu);
                    }
                    return ScsiResult.of(pdu, pdu.int8(3), dataIn.toByteArray(), dataPdus, r2ts);
                }
                default -> throw new AssertionError("unexpected: " + pdu);
            }
        }
    }

    private void answer(RawPdu r2t, byte[] dataOut) throws IOException {
        int segment = Integer.parseInt(initiator.negotiated().getOrDefault("MaxRecvDataSegmentLength", "8192"));
        int offset = r2t.int32(40);
        int end = offset + r2t.int32(44);
        for (int dataSn = 0; offset < end; dataSn++) {
            int next = Math.min(end, offset + segment);
            byte[] part = Arrays.copyOfRange(dataOut, offset, next);
            initiator.send(
                    initiator.dataOut(r2t.int64(8), r2t.taskTag(), r2t.int32(20), dataSn, offset, part, next == end));
            offset = next;
        }
    }
}
