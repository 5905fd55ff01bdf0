package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Cuts the byte stream into PDUs (RFC 7143 11.2). Only headers are copied; a data segment is passed on as retained slices
 * of the buffers that it was received in. Next to nothing is allocated from a length that the peer declared, and a length is
 * checked against the limit of the phase before the first byte of the segment is kept.
 *
 * <p>An error is passed on as a {@link ProtocolException}, after which nothing more is decoded.
 */
public final class PduDecoder extends ChannelInboundHandlerAdapter {

    private static final byte[] NO_ADDITIONAL = new byte[0];

    /** A piece of a data segment that is shorter is copied; also the most that is allocated before it has come. */
    private static final int COPIED_BYTES = 16 << 10;

    private enum State {
        HEADER,
        ADDITIONAL,
        HEADER_DIGEST,
        DATA,
        PADDING,
        DATA_DIGEST,
        STOPPED
    }

    private final byte[] trailer = new byte[Digest.LENGTH];
    private final Digest digest = new Digest();
    private State state = State.HEADER;
    private int filled;
    private byte[] header = new byte[BasicHeader.LENGTH];
    private byte[] additional = NO_ADDITIONAL;
    private ByteBuf data = Unpooled.EMPTY_BUFFER;
    /** The last part of the data, if it is being put together. */
    private ByteBuf tail;

    private int dataLength;
    private int limit;
    private boolean loginPhase = true;
    private boolean headerDigest;
    private boolean dataDigest;
    private boolean malformed;
    private final Deque<ByteBuf> held = new ArrayDeque<>(2);
    private ChannelHandlerContext context;
    private boolean paused;
    private long count;
    private PduWatch watch = PduWatch.NONE;

    /** @param loginLimit longest data segment of a PDU in the login phase, in bytes */
    public PduDecoder(int loginLimit) {
        this.limit = loginLimit;
    }

    /** Goes on with the limits and digests of the full feature phase, from the next PDU on. */
    public void enterFullFeaturePhase(int maxRecvDataSegmentLength, boolean withHeaderDigest, boolean withDataDigest) {
        limit = maxRecvDataSegmentLength;
        headerDigest = withHeaderDigest;
        dataDigest = withDataDigest;
        loginPhase = false;
    }

    /** Shows all PDUs from now on to somebody who may want to see them. */
    public void showTo(PduWatch watcher) {
        watch = watcher;
    }

    /** Returns how many PDUs have come, also those that are to be rejected. */
    public long count() {
        return count;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    /** Passes nothing on any more, not even what has come already. */
    public void stop() {
        state = State.STOPPED;
        if (tail != null) {
            tail.release();
            tail = null;
        }
        data.release();
        data = Unpooled.EMPTY_BUFFER;
        held.forEach(ByteBuf::release);
        held.clear();
    }

    /** Passes no further PDU on, and keeps what has come, until {@link #resume}. */
    public void pause() {
        paused = true;
    }

    /** Passes on what was kept. */
    public void resume() {
        paused = false;
        while (!paused && !held.isEmpty()) {
            decode(held.remove());
        }
        context.fireChannelReadComplete();
    }

    @Override
    public void channelRead(ChannelHandlerContext sameContext, Object message) {
        if (paused && state != State.STOPPED) {
            held.addLast(RightSized.of((ByteBuf) message, context.alloc()));
        } else {
            decode((ByteBuf) message);
        }
    }

    private void decode(ByteBuf in) {
        try {
            while (state != State.STOPPED && !paused && step(in)) {
                // Each step takes what it can; false means that it needs more bytes.
            }
        } catch (ProtocolException broken) {
            stop();
            context.fireExceptionCaught(broken);
        }
        if (paused && state != State.STOPPED && in.isReadable()) {
            held.addFirst(RightSized.of(in, context.alloc()));
        } else {
            in.release();
        }
    }

    private boolean step(ByteBuf in) throws ProtocolException {
        return switch (state) {
            case HEADER -> fill(in, header) && afterHeader();
            case ADDITIONAL -> fill(in, additional) && enter(headerDigest ? State.HEADER_DIGEST : State.DATA);
            case HEADER_DIGEST -> fill(in, trailer) && afterHeaderDigest();
            case DATA -> takeData(in);
            case PADDING -> skipPadding(in);
            case DATA_DIGEST -> fill(in, trailer) && emit(dataDigestMatches());
            case STOPPED -> false;
        };
    }

    private boolean enter(State next) {
        if (state == State.ADDITIONAL) {
            malformed |= !AdditionalHeader.wellFormed(additional);
        }
        state = next;
        filled = 0;
        return true;
    }

    /** Copies bytes until the target is full. */
    private boolean fill(ByteBuf in, byte[] target) {
        int piece = Math.min(in.readableBytes(), target.length - filled);
        in.readBytes(target, filled, piece);
        filled += piece;
        return filled == target.length;
    }

    private boolean afterHeader() throws ProtocolException {
        Opcode opcode = Opcode.of(header[0]);
        dataLength = BasicHeader.u24(header, BasicHeader.DATA_SEGMENT_LENGTH);
        int additionalLength = (header[BasicHeader.TOTAL_AHS_LENGTH] & 0xFF) * 4;
        if (dataLength > limit) {
            throw ProtocolException.closing("data segment of " + dataLength + " bytes where " + limit + " are allowed");
        }
        if (loginPhase && opcode != Opcode.LOGIN_REQUEST) {
            throw ProtocolException.closing("the first PDU is not a Login Request");
        }
        if (dataLength > 0 && hasNoData(opcode)) {
            throw ProtocolException.closing("data segment in a PDU that has none");
        }
        malformed = additionalLength > 0 && opcode != Opcode.SCSI_COMMAND;
        additional = additionalLength == 0 ? NO_ADDITIONAL : new byte[additionalLength];
        if (additionalLength > 0) {
            return enter(State.ADDITIONAL);
        }
        return enter(headerDigest ? State.HEADER_DIGEST : State.DATA);
    }

    private static boolean hasNoData(Opcode opcode) {
        return opcode == Opcode.TASK_MANAGEMENT_REQUEST
                || opcode == Opcode.LOGOUT_REQUEST
                || opcode == Opcode.SNACK_REQUEST;
    }

    private boolean afterHeaderDigest() throws ProtocolException {
        int expected = digest.reset().update(header).update(additional).value();
        if (expected != trailerValue()) {
            throw ProtocolException.closing("header digest does not match");
        }
        return enter(State.DATA);
    }

    private boolean takeData(ByteBuf in) {
        int piece = Math.min(in.readableBytes(), dataLength - filled);
        if (piece > 0 && (piece == dataLength || piece >= COPIED_BYTES && mayBeKept(in, piece))) {
            seal();
            append(in.readRetainedSlice(piece));
            filled += piece;
        } else {
            copy(in, piece);
        }
        if (filled < dataLength) {
            return false;
        }
        seal();
        return enter(State.PADDING);
    }

    /**
     * A piece from the middle of a data segment is all of its buffer, which it may fill by a little only. The first one and the
     * last one share theirs with other PDUs, and are no more than one each.
     */
    private boolean mayBeKept(ByteBuf in, int piece) {
        return filled == 0 || filled + piece == dataLength || piece >= in.capacity() / 2;
    }

    /** Small pieces are put together, because each would keep the whole buffer that it was received in. */
    private void copy(ByteBuf in, int piece) {
        for (int left = piece; left > 0; ) {
            if (tail == null) {
                int length = Math.min(COPIED_BYTES, dataLength - filled);
                tail = context.alloc().directBuffer(length, length);
            }
            int length = Math.min(left, tail.writableBytes());
            tail.writeBytes(in, length);
            filled += length;
            left -= length;
            if (!tail.isWritable()) {
                seal();
            }
        }
    }

    private void seal() {
        if (tail != null) {
            append(tail);
            tail = null;
        }
    }

    private void append(ByteBuf slice) {
        if (!data.isReadable()) {
            data = slice;
        } else if (data instanceof CompositeByteBuf composite) {
            composite.addComponent(true, slice);
        } else {
            data = context.alloc()
                    .compositeDirectBuffer(Integer.MAX_VALUE)
                    .addComponent(true, data)
                    .addComponent(true, slice);
        }
    }

    private boolean skipPadding(ByteBuf in) {
        int piece = Math.min(in.readableBytes(), padding() - filled);
        for (int i = 0; i < piece; i++) {
            trailer[filled + i] = in.readByte();
        }
        filled += piece;
        if (filled < padding()) {
            return false;
        }
        if (dataLength > 0 && dataDigest) {
            digest.reset().update(data);
            // A sender should pad with zeros, but the digest is over what it has sent.
            digest.update(Arrays.copyOf(trailer, padding()));
            return enter(State.DATA_DIGEST);
        }
        return emit(true);
    }

    private int padding() {
        return -dataLength & 3;
    }

    private boolean dataDigestMatches() {
        return digest.value() == trailerValue();
    }

    private int trailerValue() {
        return Integer.reverseBytes(BasicHeader.s32(trailer, 0));
    }

    private boolean emit(boolean intact) {
        count++;
        Opcode opcode = Opcode.of(header[0]);
        byte[] complete = header;
        ByteBuf segment = data;
        header = new byte[BasicHeader.LENGTH];
        data = Unpooled.EMPTY_BUFFER;
        enter(State.HEADER);
        if (watch.isOn() && opcode != null && opcode.fromInitiator()) {
            PduTap.received(watch, opcode, complete, additional, segment);
        }
        if (opcode == null || !opcode.fromInitiator()) {
            segment.release();
            context.fireChannelRead(new RejectedPdu(complete, RejectReason.COMMAND_NOT_SUPPORTED));
        } else if (malformed) {
            segment.release();
            context.fireChannelRead(new RejectedPdu(complete, RejectReason.INVALID_PDU_FIELD));
        } else if (!intact) {
            segment.release();
            context.fireChannelRead(new RejectedPdu(complete, RejectReason.DATA_DIGEST_ERROR));
        } else {
            context.fireChannelRead(opcode.decode(complete, additional, segment));
        }
        return true;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        stop();
    }
}
