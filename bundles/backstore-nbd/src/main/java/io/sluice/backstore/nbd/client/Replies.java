package io.sluice.backstore.nbd.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.sluice.backstore.nbd.protocol.ExportInfo;
import io.sluice.backstore.nbd.protocol.NbdCommand;
import io.sluice.backstore.nbd.protocol.NbdError;
import io.sluice.backstore.nbd.protocol.NbdProtocolException;
import io.sluice.backstore.nbd.protocol.ReplyChunk;
import java.nio.ByteBuffer;

/**
 * Reads what a server answers in the transmission phase. Data goes from the received buffer straight to where the request wants
 * it; all else is a few bytes, so that nothing is ever kept because a length says so.
 */
final class Replies extends ChannelInboundHandlerAdapter {

    /** What the next bytes are. */
    private enum Stage {
        HEADER,
        STRUCTURED_HEADER,
        HEAD,
        DATA,
        EXTENT,
        TEXT
    }

    private final Connection connection;
    private final ExportInfo info;
    private final ByteBuffer few = ByteBuffer.allocate(ReplyChunk.STRUCTURED_BYTES);
    private Stage stage;

    /** What is being answered, and by what. */
    private NbdRequest request;

    private long cookie;

    private ReplyChunk chunk;
    private boolean last;
    private int more;
    private ByteBuffer room;

    Replies(Connection connection, ExportInfo info) {
        this.connection = connection;
        this.info = info;
        expect(Stage.HEADER, ReplyChunk.SIMPLE_BYTES);
    }

    private void expect(Stage next, int bytes) {
        stage = next;
        few.clear().limit(bytes);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable()) {
                take(in);
            }
        } finally {
            in.release();
        }
    }

    private void take(ByteBuf in) throws NbdProtocolException {
        switch (stage) {
            case DATA -> takeData(in);
            case TEXT -> {
                int skipped = Math.min(more, in.readableBytes());
                in.skipBytes(skipped);
                more -= skipped;
                endIfNoMore();
            }
            default -> takeFew(in);
        }
    }

    private void takeData(ByteBuf in) throws NbdProtocolException {
        int end = room.limit();
        int bytes = Math.min(room.remaining(), in.readableBytes());
        in.readBytes(room.limit(room.position() + bytes));
        room.limit(end);
        if (!room.hasRemaining()) {
            endOfPart();
        }
    }

    private void takeFew(ByteBuf in) throws NbdProtocolException {
        int end = few.limit();
        few.limit(few.position() + Math.min(few.remaining(), in.readableBytes()));
        in.readBytes(few);
        few.limit(end);
        if (few.hasRemaining()) {
            return;
        }
        switch (stage) {
            case HEADER -> header();
            case STRUCTURED_HEADER -> structured();
            case HEAD -> head();
            default -> extent();
        }
    }

    private void header() throws NbdProtocolException {
        int magic = few.getInt(0);
        if (magic == ReplyChunk.STRUCTURED_MAGIC && info.structured()) {
            stage = Stage.STRUCTURED_HEADER;
            few.limit(ReplyChunk.STRUCTURED_BYTES);
        } else if (magic == ReplyChunk.SIMPLE_MAGIC) {
            simple(few.getInt(4), few.getLong(8));
        } else {
            throw new NbdProtocolException("something else than a reply");
        }
    }

    private void simple(int error, long answered) throws NbdProtocolException {
        cookie = answered;
        request = connection.answered(cookie);
        last = true;
        boolean brings = request.command() == NbdCommand.READ;
        if (info.structured() && (brings || request.command() == NbdCommand.BLOCK_STATUS)) {
            throw new NbdProtocolException("a simple reply to " + request.command());
        }
        if (error != 0) {
            request.fail(NbdError.of(error));
        }
        if (error == 0 && brings) {
            expectData(request.offset(), request.length());
        } else {
            endOfPart();
        }
    }

    private void expectData(long offset, int bytes) throws NbdProtocolException {
        room = request.room(offset, bytes);
        stage = Stage.DATA;
    }

    private void structured() throws NbdProtocolException {
        last = (few.getShort(4) & ReplyChunk.DONE) != 0;
        chunk = ReplyChunk.of(Short.toUnsignedInt(few.getShort(6)));
        cookie = few.getLong(8);
        request = connection.answered(cookie);
        int length = few.getInt(16);
        more = chunk.moreBytes(length);
        if (chunk.headBytes() == 0) {
            endOfPart();
        } else {
            expect(Stage.HEAD, chunk.headBytes());
        }
    }

    private void head() throws NbdProtocolException {
        switch (chunk) {
            case OFFSET_DATA -> expectData(few.getLong(0), more);
            case OFFSET_HOLE -> {
                request.hole(few.getLong(0), few.getInt(8));
                endOfPart();
            }
            case BLOCK_STATUS -> status(few.getInt(0));
            default -> {
                int code = few.getInt(0);
                request.fail(code == 0 ? NbdError.EINVAL : NbdError.of(code));
                stage = Stage.TEXT;
                endIfNoMore();
            }
        }
    }

    private void status(int context) throws NbdProtocolException {
        if (info.allocation() == null || context != info.allocation() || more == 0 || more % Long.BYTES != 0) {
            throw new NbdProtocolException("a status of blocks that nobody has asked for");
        }
        request.beginExtents();
        expect(Stage.EXTENT, Long.BYTES);
    }

    private void extent() throws NbdProtocolException {
        request.extent(few.getInt(0), few.getInt(Integer.BYTES));
        more -= Long.BYTES;
        if (more == 0) {
            endOfPart();
        } else {
            expect(Stage.EXTENT, Long.BYTES);
        }
    }

    private void endIfNoMore() throws NbdProtocolException {
        if (more == 0) {
            endOfPart();
        }
    }

    private void endOfPart() throws NbdProtocolException {
        NbdRequest over = request;
        request = null;
        room = null;
        expect(Stage.HEADER, ReplyChunk.SIMPLE_BYTES);
        if (last) {
            over.requireComplete();
            connection.end(cookie, over);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connection.lost("the connection has ended");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        boolean wrong = failure instanceof NbdProtocolException;
        connection.broken(
                wrong ? "the server has sent " + failure.getMessage() : "the connection has failed: " + failure);
    }
}
