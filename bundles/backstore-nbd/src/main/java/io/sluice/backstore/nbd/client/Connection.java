package io.sluice.backstore.nbd.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.util.collection.LongObjectHashMap;
import io.sluice.backstore.nbd.protocol.ExportInfo;
import io.sluice.backstore.nbd.protocol.NbdCommand;
import io.sluice.backstore.nbd.protocol.NbdError;
import io.sluice.backstore.nbd.protocol.NbdProtocolException;
import java.nio.ByteBuffer;
import java.util.Collection;

/** One connection in the transmission phase, and the requests that it has under way. Used on the event loop of its link alone. */
final class Connection {

    /** Who has a connection. */
    interface Owner {

        /** A request was answered. */
        void ended(NbdRequest request);

        /** It is closed, and nothing of any buffer is used by it any more. May come twice, and from the event loop that it had before. */
        void lost(Connection connection, String reason);
    }

    private final Channel channel;
    private final ExportInfo info;
    private final LongObjectHashMap<NbdRequest> pending = new LongObjectHashMap<>();
    private long cookies;
    private long load;
    private Owner owner;
    private String reason;
    private boolean finishing;

    Connection(Channel channel, ExportInfo info) {
        this.channel = channel;
        this.info = info;
    }

    Channel channel() {
        return channel;
    }

    ExportInfo info() {
        return info;
    }

    /** Says who has it from now on; false if it is gone already. */
    boolean belongsTo(Owner first) {
        owner = first;
        return channel.isActive();
    }

    /** Returns how much it has under way, in bytes by {@link Turns}. */
    long load() {
        return load;
    }

    /** Sends a request with the next {@link #flush}. */
    void write(NbdRequest request) {
        long cookie = ++cookies;
        pending.put(cookie, request);
        load += Turns.load(request.length());
        ByteBuf head = channel.alloc().directBuffer(NbdCommand.REQUEST_BYTES);
        head.writeInt(NbdCommand.REQUEST_MAGIC)
                .writeShort(request.flags())
                .writeShort(request.command().code())
                .writeLong(cookie)
                .writeLong(request.offset())
                .writeInt(request.length());
        ByteBuffer[] source = request.source();
        if (source.length == 0) {
            request.sent();
            channel.write(head, channel.voidPromise());
        } else {
            channel.write(head, channel.voidPromise());
            writeData(cookie, request, source);
        }
    }

    /** A server may answer before it has all data; the buffers are needed here until it has. */
    private void writeData(long cookie, NbdRequest request, ByteBuffer[] source) {
        for (int i = 0; i < source.length - 1; i++) {
            channel.write(Unpooled.wrappedBuffer(source[i]), channel.voidPromise());
        }
        channel.write(Unpooled.wrappedBuffer(source[source.length - 1])).addListener(written -> {
            if (written.isSuccess() && request.sent()) {
                over(cookie, request);
            }
        });
    }

    /** What is answered and not sent yet stays: it is not over, and is taken over with the rest if the connection is lost. */
    private void over(long cookie, NbdRequest request) {
        pending.remove(cookie);
        load -= Turns.load(request.length());
        owner.ended(request);
        if (finishing && pending.isEmpty()) {
            broken(reason);
        }
    }

    /** Closes it as soon as what is under way on it is answered; nothing is sent on it any more. */
    void finish(String why) {
        reason = reason == null ? why : reason;
        finishing = true;
        if (pending.isEmpty()) {
            broken(why);
        }
    }

    void flush() {
        channel.flush();
    }

    /** Returns the request that is being answered. */
    NbdRequest answered(long cookie) throws NbdProtocolException {
        NbdRequest request = pending.get(cookie);
        if (request == null) {
            throw new NbdProtocolException("an answer that nobody has asked for");
        }
        if (request.isReplied()) {
            throw new NbdProtocolException("a second answer to " + request.command());
        }
        return request;
    }

    /** All of an answer has come. */
    void end(long cookie, NbdRequest request) {
        if (request.error() == NbdError.ESHUTDOWN) {
            broken("the server is shutting down");
            return;
        }
        if (request.replied()) {
            over(cookie, request);
        }
    }

    /** Hands over what was not answered, or not before all of it was sent; the connection is lost. */
    Collection<NbdRequest> unanswered() {
        return pending.values();
    }

    /**
     * Closes it because it is of no use any more. What waits here to be sent, or in a TCP socket, is thrown away, since it will be sent
     * anew; what has reached the machine of the server may still be done, and later than the same over another connection.
     */
    void broken(String why) {
        reason = reason == null ? why : reason;
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first != null && channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            // Past the handler of TLS, which would send first what it has.
            first.close();
        }
    }

    /** Says goodbye and closes it. */
    void leave() {
        reason = "it was left";
        ByteBuf head = channel.alloc().directBuffer(NbdCommand.REQUEST_BYTES);
        head.writeInt(NbdCommand.REQUEST_MAGIC).writeShort(0).writeShort(NbdCommand.DISC.code());
        channel.writeAndFlush(head.writeZero(Long.BYTES + Long.BYTES + Integer.BYTES))
                .addListener(sent -> channel.close());
    }

    /** Its channel is closed. */
    void lost(String why) {
        if (owner != null) {
            owner.lost(this, reason == null ? why : reason);
        }
    }
}
