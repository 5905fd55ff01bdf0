package io.sluice.iscsi.transfer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.backstore.FileRange;
import io.sluice.backstore.SuppliedData;
import io.sluice.iscsi.pdu.DataOutPdu;
import io.sluice.iscsi.pdu.Residual;
import io.sluice.iscsi.pdu.ScsiCommandPdu;
import io.sluice.iscsi.pdu.ScsiResponsePdu;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.trace.CommandTrace;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Status;
import io.sluice.scsi.Task;
import io.sluice.scsi.TaskAttribute;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * A SCSI command that came over iSCSI, from the command PDU to the response. Its end hops to the connection's event loop if it has
 * to.
 */
public final class IscsiTask extends TaskBuffers implements Task, Runnable, TransferChannel.Sent {

    private final Session session;
    private final long lun;
    private final byte[] cdb;
    private final TaskAttribute attribute;
    private final int initiatorTaskTag;
    private final long expectedLength;
    private final boolean reads;
    private int timesOwed;

    /** Null before it has ended, and after it if nobody is told. */
    private Status status;

    private byte[] sense;
    private long transferLength;
    private boolean ended;
    private boolean finished;
    private boolean hurried;
    /** Null for nearly all. */
    private CommandTrace trace;

    /**
     * @param pdu the command; its data is taken over
     * @param attribute its task attribute
     */
    public IscsiTask(TransferChannel channel, Session session, ScsiCommandPdu pdu, TaskAttribute attribute) {
        super(channel, dataOut(channel, pdu));
        this.session = session;
        this.lun = pdu.lun();
        this.cdb = pdu.cdb();
        this.attribute = attribute;
        this.initiatorTaskTag = pdu.initiatorTaskTag();
        this.expectedLength = pdu.expectedDataTransferLength();
        this.reads = pdu.reads();
    }

    private static DataOutTransfer dataOut(TransferChannel channel, ScsiCommandPdu pdu) {
        if (!pdu.writes()) {
            pdu.data().release();
            return null;
        }
        return new DataOutTransfer(
                channel,
                pdu.lun(),
                pdu.initiatorTaskTag(),
                pdu.expectedDataTransferLength(),
                pdu.data(),
                !pdu.isFinal());
    }

    /** Has it traced by that, or not at all if it is null. */
    public void traced(CommandTrace by) {
        trace = by;
    }

    @Override
    public void begun() {
        if (trace != null) {
            trace.begun();
        }
    }

    /** Returns the connection that the command came by, which its data and status go over (RFC 7143 4.2.5.1). */
    public TransferChannel channel() {
        return channel;
    }

    /** Returns the Initiator Task Tag. */
    public int initiatorTaskTag() {
        return initiatorTaskTag;
    }

    /** Returns whether the initiator owes data: if it does not come, the task never ends by itself. */
    public boolean owedData() {
        return dataOut != null && dataOut.owed();
    }

    /** Returns how often in a row, this time included, this was called while the initiator owed data. */
    public int countOwed() {
        timesOwed = owedData() ? timesOwed + 1 : 0;
        return timesOwed;
    }

    /** Returns whether data has come that waits for more, or for its turn, so that {@link #settle} has to be called. */
    public boolean unsettled() {
        return dataOut != null && dataOut.unsettled();
    }

    /** The read is over that data has come with: what waits is not to keep large receive buffers. */
    public void settle() {
        dataOut.settle();
    }

    /** Says how a command ends that never reaches the engine; its data is let go. */
    public void refuse(Status why, byte[] senseData) {
        if (dataOut != null) {
            dataOut.discard();
        }
        status = why;
        sense = senseData;
    }

    /** Returns whether the command never reaches the engine. */
    public boolean isRefused() {
        return status != null;
    }

    /** Ends a command that never reaches the engine. */
    public void endRefused() {
        end();
    }

    /** Takes a Data-Out PDU over; on the event loop. */
    public void accept(DataOutPdu pdu) {
        if (dataOut == null) {
            pdu.data().release();
            return;
        }
        dataOut.accept(pdu);
        respondIfReady();
    }

    /** One of the task's Data-Out PDUs was damaged on its way; on the event loop. */
    public void corrupted(boolean unsolicited, boolean isFinal) {
        if (dataOut != null) {
            dataOut.corrupted(unsolicited, isFinal);
            respondIfReady();
        }
    }

    @Override
    public Nexus nexus() {
        return session.nexus();
    }

    @Override
    public long lun() {
        return lun;
    }

    @Override
    public byte[] cdb() {
        return cdb;
    }

    @Override
    public TaskAttribute attribute() {
        return attribute;
    }

    @Override
    public long dataOutLength() {
        return dataOut != null ? expectedLength : 0;
    }

    @Override
    public long dataInLength() {
        return reads ? expectedLength : 0;
    }

    @Override
    public boolean sendsFromFile(int length) {
        return reads && !channel.parameters().dataDigest() && channel.sendsFromFile(length);
    }

    @Override
    public void dataIn(FileRange range) {
        fileIn = new FileData(range, dataInLength());
    }

    @Override
    public boolean sendsSuppliedData() {
        return reads;
    }

    @Override
    public void dataIn(SuppliedData data) {
        dataIn = new SuppliedBuffer(data);
    }

    @Override
    public CompletionStage<ByteBuffer[]> receiveDataOut(int length) {
        if (channel.inEventLoop()) {
            dataOut.start(length);
        } else {
            channel.execute(() -> dataOut.start(length));
        }
        return dataOut.result();
    }

    @Override
    public void cancelDataOut() {
        if (dataOut == null) {
            return;
        }
        if (channel.inEventLoop()) {
            dataOut.cancel();
        } else {
            channel.execute(dataOut::cancel);
        }
    }

    @Override
    public void complete(Status endStatus, byte[] endSense, long endTransferLength) {
        status = endStatus;
        sense = endSense;
        transferLength = endTransferLength;
        end();
    }

    @Override
    public void aborted() {
        status = null;
        end();
    }

    private void end() {
        if (trace != null) {
            trace.done();
        }
        if (channel.inEventLoop()) {
            run();
        } else {
            channel.execute(this);
        }
    }

    /** On the event loop, once the engine has ended the task. */
    @Override
    public void run() {
        ended = true;
        if (dataOut != null) {
            session.writtenBytes().add(dataOut.received());
        }
        if (status == null) {
            channel.ending();
            finish();
        } else {
            respondIfReady();
        }
    }

    /** Once it has ended it does not wait for data that is on its way: that does not come any more, or nobody cares. */
    public void hurry() {
        hurried = true;
        respondIfReady();
    }

    /** Returns whether it has been answered, or never will be. */
    public boolean isFinished() {
        return finished;
    }

    /** Returns whether it has been answered with a status. */
    public boolean isAnswered() {
        return finished && status != null;
    }

    /** Unsolicited data is still on its way when a command fails early: it is taken before the response (RFC 7143 11.4.2). */
    private void respondIfReady() {
        if (!ended || finished || (dataOut != null && dataOut.unsolicitedPending() && !hurried)) {
            return;
        }
        boolean open = channel.isOpen();
        if (open && channel.holdsBack(this, status, sense)) {
            return;
        }
        channel.ending();
        if (open) {
            respond();
        }
        finish();
    }

    private void respond() {
        Residual residual = Residual.of(expectedLength, transferred());
        if (trace != null) {
            trace.ends(status, sense);
        }
        if (status == Status.GOOD && sendData(residual)) {
            return;
        }
        int expDataSn = dataOut == null ? 0 : dataOut.r2tCount();
        channel.write(
                new ScsiResponsePdu(initiatorTaskTag, status.code(), expDataSn, residual, senseSegment()),
                trace == null ? null : trace::answered);
    }

    /**
     * What the command transfers. If it failed, what of that has been moved: no Data-In, and the Data-Out that has come; but
     * an overflow is one all the same.
     */
    private long transferred() {
        boolean asAWhole = status == Status.GOOD || status == Status.CONDITION_MET || transferLength > expectedLength;
        if (asAWhole) {
            return transferLength;
        }
        return dataOut == null ? 0 : Math.min(dataOut.received(), transferLength);
    }

    /** Returns whether there was data to send. */
    private boolean sendData(Residual residual) {
        ByteBuf data = dataIn == null ? Unpooled.EMPTY_BUFFER : dataIn;
        FileData file = fileIn;
        int length = file == null ? (int) Math.min(data.readableBytes(), dataInLength()) : file.length();
        if (length == 0) {
            return false;
        }
        session.readBytes().add(length);
        dataIn = null;
        fileIn = null;
        // What waits of a file takes memory too, though not for its bytes.
        keepBuffers();
        DataInSequence.write(
                channel,
                initiatorTaskTag,
                file == null ? data.writerIndex(length) : data,
                file,
                residual,
                trace == null ? this : this::sentTraced);
        return true;
    }

    /** Sense data goes behind its length (RFC 7143 11.4.7). */
    private ByteBuf senseSegment() {
        if (sense.length == 0) {
            return Unpooled.EMPTY_BUFFER;
        }
        return channel.allocate(2 + sense.length).writeShort(sense.length).writeBytes(sense);
    }

    /** The last of the Data-In is out. */
    @Override
    public void sent() {
        releaseBuffers();
    }

    private void sentTraced() {
        sent();
        trace.answered();
    }

    private void finish() {
        finished = true;
        if (dataOut != null) {
            dataOut.end();
        }
        releaseBuffers();
        if (trace != null) {
            trace.finished();
        }
        channel.ended(this);
    }
}
