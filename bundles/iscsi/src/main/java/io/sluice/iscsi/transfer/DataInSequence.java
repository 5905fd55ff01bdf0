package io.sluice.iscsi.transfer;

import io.netty.buffer.ByteBuf;
import io.sluice.iscsi.pdu.DataInPdu;
import io.sluice.iscsi.pdu.Residual;
import io.sluice.iscsi.text.NegotiatedParameters;
import io.sluice.scsi.Status;

/** Cuts a command's Data-In into PDUs; the last one carries the status (RFC 7143 11.7, phase collapse). */
final class DataInSequence {

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
            channel.write(pdu, last ? whenSent : null);
            offset = end;
        }
        data.release();
        if (file != null) {
            file.letGo();
        }
    }

    private static ByteBuf piece(ByteBuf data, int offset, int end) {
        boolean whole = offset == 0 && end == data.readableBytes();
        return whole ? data.retain() : data.retainedSlice(offset, end - offset);
    }
}
