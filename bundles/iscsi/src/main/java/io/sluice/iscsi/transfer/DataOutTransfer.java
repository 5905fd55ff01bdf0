package io.sluice.iscsi.transfer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.iscsi.pdu.BasicHeader;
import io.sluice.iscsi.pdu.DataOutPdu;
import io.sluice.iscsi.pdu.R2tPdu;
import io.sluice.iscsi.pdu.RightSized;
import io.sluice.iscsi.text.NegotiatedParameters;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A command's Data-Out: immediate data, then unsolicited PDUs, then what R2Ts ask for (RFC 7143 11.7, 11.8). Data comes in
 * order (DataPDUInOrder and DataSequenceInOrder are Yes), so every PDU has to continue where the last one ended.
 *
 * <p>On the event loop only; {@link #result} completes there.
 */
final class DataOutTransfer {

    /** The most that a buffer is made for, in which small parts are put together. */
    private static final int TOGETHER_BYTES = 16 << 10;

    private final TransferChannel channel;
    private final long lun;
    private final int initiatorTaskTag;
    private final long offered;
    private final List<ByteBuf> parts = new ArrayList<>(1);
    /** Takes no memory while it is empty, and most commands bring all of their data along. */
    private final Queue<Solicited> outstanding = new LinkedList<>();

    private final CompletableFuture<ByteBuffer[]> result = new CompletableFuture<>();
    private boolean unsolicitedPending;
    /** So many of the parts may be kept as they are. */
    private int settled;

    private int unsolicitedDataSn;
    private int received;
    private int wanted;
    private int solicited;
    private int r2tSn;
    private long reserved;
    /** What waits for memory, or null. */
    private Runnable waiting;

    private boolean over;

    /** An R2T that has not been satisfied: where its data ends, and the number of the next PDU. */
    private static final class Solicited {
        private final int targetTransferTag;
        private final int end;
        private int dataSn;

        private Solicited(int targetTransferTag, int end) {
            this.targetTransferTag = targetTransferTag;
            this.end = end;
        }
    }

    /**
     * @param offered bytes that the initiator has
     * @param immediate data of the command PDU; taken over
     * @param unsolicitedPending whether unsolicited PDUs follow
     */
    DataOutTransfer(
            TransferChannel channel,
            long lun,
            int initiatorTaskTag,
            long offered,
            ByteBuf immediate,
            boolean unsolicitedPending) {
        this.channel = channel;
        this.lun = lun;
        this.initiatorTaskTag = initiatorTaskTag;
        this.offered = offered;
        this.unsolicitedPending = unsolicitedPending;
        keep(immediate);
    }

    private void keep(ByteBuf data) {
        if (data.isReadable() && !over) {
            received += data.readableBytes();
            parts.add(data);
        } else {
            data.release();
        }
    }

    /** Returns whether unsolicited data is still to come. */
    boolean unsolicitedPending() {
        return unsolicitedPending;
    }

    /** Returns whether the initiator owes data that it was asked for. */
    boolean owed() {
        return !outstanding.isEmpty() || unsolicitedPending;
    }

    /** Returns the number of R2Ts sent. */
    int r2tCount() {
        return r2tSn;
    }

    /** Returns the bytes received. */
    int received() {
        return received;
    }

    /** Returns the stage of {@link #start}; it may be taken on any thread. */
    CompletionStage<ByteBuffer[]> result() {
        return result;
    }

    /** Begins to collect. */
    void start(int length) {
        wanted = length;
        proceed();
    }

    /** Takes a PDU over; a wrong one fails the transfer. */
    void accept(DataOutPdu pdu) {
        try {
            if (pdu.targetTransferTag() == BasicHeader.NO_TAG) {
                acceptUnsolicited(pdu);
            } else {
                acceptSolicited(pdu);
            }
        } catch (CheckConditionException wrong) {
            pdu.data().release();
            fail(wrong);
            return;
        }
        keep(pdu.data());
        proceed();
    }

    private void acceptUnsolicited(DataOutPdu pdu) throws CheckConditionException {
        NegotiatedParameters parameters = channel.parameters();
        long announced = Math.min(parameters.firstBurstLength(), offered);
        long end = pdu.bufferOffset() + pdu.data().readableBytes();
        boolean expected = unsolicitedPending;
        unsolicitedPending &= !pdu.isFinal();
        require(expected && !over, Sense.UNEXPECTED_UNSOLICITED_DATA);
        require(pdu.dataSn() == unsolicitedDataSn++ && pdu.bufferOffset() == received, Sense.DATA_PHASE_ERROR);
        require(end <= announced, Sense.UNEXPECTED_UNSOLICITED_DATA);
        require(!pdu.isFinal() || end == announced, Sense.NOT_ENOUGH_UNSOLICITED_DATA);
    }

    private void acceptSolicited(DataOutPdu pdu) throws CheckConditionException {
        Solicited current = outstanding.peek();
        require(current != null && current.targetTransferTag == pdu.targetTransferTag(), Sense.DATA_PHASE_ERROR);
        require(pdu.lun() == lun, Sense.DATA_PHASE_ERROR);
        long end = pdu.bufferOffset() + pdu.data().readableBytes();
        require(pdu.dataSn() == current.dataSn++, Sense.DATA_PHASE_ERROR);
        require(pdu.bufferOffset() == received && end <= current.end, Sense.DATA_PHASE_ERROR);
        require(pdu.isFinal() == (end == current.end), Sense.DATA_PHASE_ERROR);
        if (pdu.isFinal()) {
            outstanding.remove();
        }
    }

    private static void require(boolean holds, Sense otherwise) throws CheckConditionException {
        if (!holds) {
            throw new CheckConditionException(otherwise);
        }
    }

    /** A PDU of this transfer was damaged on its way; what follows it unasked is still taken. */
    void corrupted(boolean unsolicited, boolean isFinal) {
        unsolicitedPending &= !(unsolicited && isFinal);
        fail(new CheckConditionException(Sense.PROTOCOL_SERVICE_CRC_ERROR));
    }

    private void proceed() {
        if (over || wanted == 0 || unsolicitedPending) {
            return;
        }
        if (received >= wanted) {
            over = true;
            result.complete(views());
        } else if (reserved > 0) {
            solicit();
        } else if (waiting == null) {
            long missing = wanted - received;
            waiting = () -> granted(missing);
            if (channel.reserve(missing, waiting)) {
                granted(missing);
            }
        }
    }

    /** Returns whether data has come that waits for more, or for its turn, and may not be kept as it is. */
    boolean unsettled() {
        return !over && settled < parts.size();
    }

    /** The read is over that data has come with, which is to be kept longer. */
    void settle() {
        if (!unsettled()) {
            return;
        }
        List<ByteBuf> fresh = parts.subList(settled, parts.size());
        if (!RightSized.isSoAlready(fresh)) {
            List<ByteBuf> slices = List.copyOf(fresh);
            fresh.clear();
            int expected =
                    due() + slices.stream().mapToInt(ByteBuf::readableBytes).sum();
            for (ByteBuf part : slices) {
                int length = part.readableBytes();
                putTogether(part, expected);
                expected -= length;
            }
        }
        settled = parts.size();
    }

    /**
     * What stands for a part takes more memory than a small part has, so that small ones share a buffer.
     *
     * @param expected bytes from here on that memory has been taken for
     */
    private void putTogether(ByteBuf part, int expected) {
        ByteBuf last = parts.isEmpty() ? Unpooled.EMPTY_BUFFER : parts.get(parts.size() - 1);
        // What was received has no room for more.
        int fits = Math.min(last.writableBytes(), part.readableBytes());
        last.writeBytes(part, fits);
        if (part.isReadable()) {
            int length = Math.max(part.readableBytes(), Math.min(TOGETHER_BYTES, expected - fits));
            parts.add(channel.allocate(length).writeBytes(part));
        }
        part.release();
    }

    /** Returns how much more will come that memory has been taken for. */
    private int due() {
        if (reserved > 0) {
            return wanted - received;
        }
        long announced = Math.min(channel.parameters().firstBurstLength(), offered);
        return unsolicitedPending ? (int) Math.max(0, announced - received) : 0;
    }

    private void granted(long bytes) {
        waiting = null;
        if (over) {
            channel.release(bytes);
            return;
        }
        reserved = bytes;
        solicited = received;
        solicit();
    }

    private void solicit() {
        NegotiatedParameters parameters = channel.parameters();
        while (solicited < wanted && outstanding.size() < parameters.maxOutstandingR2t()) {
            int length = Math.min(parameters.maxBurstLength(), wanted - solicited);
            int tag = channel.nextTransferTag();
            channel.write(new R2tPdu(lun, initiatorTaskTag, tag, r2tSn++, solicited, length));
            solicited += length;
            outstanding.add(new Solicited(tag, solicited));
        }
    }

    /** Views of the first {@code wanted} bytes; an initiator may have sent more than the command is about. */
    private ByteBuffer[] views() {
        if (parts.size() == 1 && received == wanted) {
            return parts.get(0).nioBuffers();
        }
        List<ByteBuffer> views = new ArrayList<>(parts.size());
        int left = wanted;
        for (ByteBuf part : parts) {
            for (ByteBuffer view : part.nioBuffers()) {
                if (left < view.remaining()) {
                    view.limit(view.position() + left);
                }
                left -= view.remaining();
                if (view.hasRemaining()) {
                    views.add(view);
                }
            }
        }
        return views.toArray(ByteBuffer[]::new);
    }

    private void fail(CheckConditionException reason) {
        end();
        result.completeExceptionally(reason);
    }

    /** Ends the collecting: the task was aborted or the connection lost. */
    void cancel() {
        end();
        result.completeExceptionally(new CancellationException());
    }

    /** The task has ended: nothing is asked for any more, and what nobody has seen is let go. */
    void end() {
        if (!over) {
            discard();
        }
        outstanding.clear();
        if (waiting != null) {
            channel.withdraw(waiting);
        }
    }

    /** The command is refused: its data is let go, and so is what of it is still to come. */
    void discard() {
        over = true;
        letGo();
    }

    private void letGo() {
        parts.forEach(ByteBuf::release);
        parts.clear();
    }

    /** Gives everything back. */
    void release() {
        letGo();
        if (reserved > 0) {
            channel.release(reserved);
            reserved = 0;
        }
    }
}
