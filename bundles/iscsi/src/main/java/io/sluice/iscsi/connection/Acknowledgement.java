package io.sluice.iscsi.connection;

import io.netty.buffer.Unpooled;
import io.sluice.iscsi.pdu.BasicHeader;
import io.sluice.iscsi.pdu.NopInPdu;
import io.sluice.iscsi.pdu.PduWriter;
import io.sluice.iscsi.session.SerialNumber;

/** Up to which number the initiator has got the statuses of a connection (RFC 7143 4.2.2.2). On the event loop only. */
final class Acknowledgement {

    private final Connection connection;
    private final PduWriter writer;
    private int expStatSn;

    Acknowledgement(Connection connection, PduWriter writer) {
        this.connection = connection;
        this.writer = writer;
        this.expStatSn = writer.statSn();
    }

    /** Takes ExpStatSN of a PDU that has come; what was never sent cannot have been got. */
    void heard(int number) {
        if (SerialNumber.less(expStatSn, number) && !SerialNumber.less(writer.statSn(), number)) {
            expStatSn = number;
        }
    }

    /** Returns the number that acknowledges all that has been written so far. */
    int ofAllWritten() {
        return writer.statSn();
    }

    /** Returns whether a number has been reached. */
    boolean has(int number) {
        return !SerialNumber.less(expStatSn, number);
    }

    /** Pings: the answer acknowledges all that was written before. */
    void ask() {
        connection.write(new NopInPdu(0, BasicHeader.NO_TAG, connection.nextTransferTag(), Unpooled.EMPTY_BUFFER));
    }
}
