package io.sluice.iscsi.transfer;

import io.netty.buffer.ByteBuf;
import io.sluice.iscsi.pdu.DataInPdu;
import io.sluice.iscsi.pdu.Residual;
import io.sluice.iscsi.text.NegotiatedParameters;
import io.sluice.scsi.Status;
import java.util.ArrayList;
import java.util.List;

/** Cuts a command's Data-In into PDUs; the last one carries the status (RFC 7143 11.7, phase collapse). */
final class DataInSequence {

    /** Below this length what stands for a PDU takes too much memory beside its data. */
    private static final int SMALL_BYTES = 8 << 10;

    /** So much of small ones is written together. */
    private static final int TOGETHER_BYTES = 64 << 10;

    private DataInSequence() {}

    /**
     * Writes all PDUs.
     *
     * @param data the data, at least one byte, unless it is in a file; taken over
     * @param file the data, if it is in a file, or null; taken over
     * @param whenSent told when the last PDU is out, or null
     */
    static void write(
            TransferChannel channel,
            int initiatorTaskTag,
            ByteBuf data,
            FileData file,
            Residual residual,
            TransferChannel.Sent whenSent) {
        NegotiatedParameters parameters = channel.parameters();
        int total = file == null ? data.readableBytes() : file.length();
        int segment = parameters.initiatorMaxRecvDataSegmentLength();
        int burst = parameters.maxBurstLength();
        List<DataInPdu> together = file == null && segment < Math.min(SMALL_BYTES, total) ? new ArrayList<>() : null;
        int dataSn = 0;
        for (int offset = 0; offset < total; ) {
            int burstEnd = (int) Math.min(total, ((long) offset / burst + 1) * burst);
            int end = (int) Math.min(burstEnd, (long) offset + segment);
            boolean last = end == total;
            int flags = end == burstEnd ? DataInPdu.FINAL : 0;
            if (last) {
                flags |= DataInPdu.STATUS | residual.flags();
            }
            DataInPdu pdu = new DataInPdu(
                    flags,
                    last ? Status.GOOD.code() : 0,
                    initiatorTaskTag,
                    dataSn++,
                    offset,
                    last ? residual.count() : 0,
                    file == null ? piece(data, offset, end) : data,
                    file == null ? null : file.piece(offset, end - offset));
            if (together == null) {
                channel.write(pdu, last ? whenSent : null);
            } else if (fill(together, pdu) || last) {
                channel.writeTogether(together, last ? whenSent : null);
                together = new ArrayList<>();
            }
            offset = end;
        }
        data.release();
        if (file != null) {
            file.letGo();
        }
    }

    /** Returns whether it is enough to be written. */
    private static boolean fill(List<DataInPdu> together, DataInPdu pdu) {
        together.add(pdu);
        return together.size() * pdu.data().readableBytes() >= TOGETHER_BYTES;
    }

    private static ByteBuf piece(ByteBuf data, int offset, int end) {
        boolean whole = offset == 0 && end == data.readableBytes();
        return whole ? data.retain() : data.retainedSlice(offset, end - offset);
    }
}
