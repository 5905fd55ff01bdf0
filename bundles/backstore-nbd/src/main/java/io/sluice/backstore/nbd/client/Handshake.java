package io.sluice.backstore.nbd.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.sluice.backstore.nbd.protocol.ExportInfo;
import io.sluice.backstore.nbd.protocol.NbdOption;
import io.sluice.backstore.nbd.protocol.NbdProtocolException;
import io.sluice.backstore.nbd.protocol.OptionReply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The way from a new connection to an export: fixed newstyle, TLS if it is asked for, structured replies and the context of
 * allocation where the server has them, then GO ("Handshake phase" of the NBD protocol). Whoever has waited for the result
 * replaces this handler before anything else arrives, because a server speaks only when it is asked.
 */
final class Handshake extends ByteToMessageDecoder {

    private static final long GREETING = 0x4e42444d41474943L;
    private static final long OPTION = 0x49484156454F5054L;
    private static final int GREETING_BYTES = 18;
    private static final int FIXED_NEWSTYLE = 1;
    private static final int NO_ZEROES = 2;
    private static final int OPTION_BYTES = 16;
    private static final int MOST_REPLIES = 64;
    private static final int INFO_EXPORT = 0;
    private static final int INFO_BLOCKS = 3;
    private static final int EXPORT_BYTES = 12;
    private static final int BLOCKS_BYTES = 14;
    private static final byte[] ALLOCATION = "base:allocation".getBytes(StandardCharsets.US_ASCII);

    private final NbdAddress address;
    private final Supplier<SslHandler> encryption;
    private final CompletableFuture<ExportInfo> result;
    private ExportInfo info = ExportInfo.UNKNOWN;

    /** What the next reply is for; null before the greeting. */
    private NbdOption asked;

    private int replies;

    /**
     * @param encryption makes what encrypts the connection; not asked if the address is without TLS
     * @param result gets what was found out, or why there is nothing
     */
    Handshake(NbdAddress address, Supplier<SslHandler> encryption, CompletableFuture<ExportInfo> result) {
        this.address = address;
        this.encryption = encryption;
        this.result = result;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws NbdProtocolException {
        if (result.isDone()) {
            throw new NbdProtocolException("something that nobody has asked for");
        }
        if (asked == null) {
            if (in.readableBytes() >= GREETING_BYTES) {
                greet(context, in);
            }
        } else if (in.readableBytes() >= OptionReply.HEADER_BYTES) {
            takeReply(context, in);
        }
    }

    private void greet(ChannelHandlerContext context, ByteBuf in) throws NbdProtocolException {
        if (in.readLong() != GREETING || in.readLong() != OPTION) {
            throw new NbdProtocolException("something else than the greeting of an NBD server of today");
        }
        int flags = in.readUnsignedShort();
        if ((flags & FIXED_NEWSTYLE) == 0) {
            throw new NbdProtocolException("the handshake of a server that is too old (not 'fixed newstyle')");
        }
        ByteBuf answer = context.alloc().directBuffer(Integer.BYTES);
        context.write(answer.writeInt(FIXED_NEWSTYLE | (flags & NO_ZEROES)));
        ask(context, address.tls() ? NbdOption.STARTTLS : NbdOption.STRUCTURED_REPLY);
    }

    private void ask(ChannelHandlerContext context, NbdOption option) {
        asked = option;
        byte[] export = address.export().getBytes(StandardCharsets.UTF_8);
        ByteBuf body = context.alloc().directBuffer();
        switch (option) {
            case STARTTLS, STRUCTURED_REPLY -> {}
            case SET_META_CONTEXT ->
                body.writeInt(export.length)
                        .writeBytes(export)
                        .writeInt(1)
                        .writeInt(ALLOCATION.length)
                        .writeBytes(ALLOCATION);
            case GO ->
                body.writeInt(export.length).writeBytes(export).writeShort(1).writeShort(INFO_BLOCKS);
        }
        ByteBuf head = context.alloc().directBuffer(OPTION_BYTES);
        context.write(head.writeLong(OPTION).writeInt(option.code()).writeInt(body.readableBytes()));
        context.writeAndFlush(body);
    }

    private void takeReply(ChannelHandlerContext context, ByteBuf in) throws NbdProtocolException {
        in.markReaderIndex();
        long magic = in.readLong();
        int option = in.readInt();
        int type = in.readInt();
        int length = in.readInt();
        if (magic != OptionReply.MAGIC || option != asked.code() || length < 0 || length > OptionReply.MOST_DATA) {
            throw new NbdProtocolException("something else than the answer to the option " + asked);
        }
        if (in.readableBytes() < length) {
            in.resetReaderIndex();
            return;
        }
        if (++replies > MOST_REPLIES) {
            throw new NbdProtocolException("answers to options without an end");
        }
        byte[] data = new byte[length];
        in.readBytes(data);
        answered(context, in, new OptionReply(type, ByteBuffer.wrap(data)));
    }

    private void answered(ChannelHandlerContext context, ByteBuf in, OptionReply reply) throws NbdProtocolException {
        boolean over = reply.isError() || reply.type() == OptionReply.ACK;
        switch (asked) {
            case STARTTLS -> startTls(context, in, reply);
            case STRUCTURED_REPLY -> {
                info = reply.type() == OptionReply.ACK ? info.withStructured() : info;
                requireEnd(over);
                ask(context, info.structured() ? NbdOption.SET_META_CONTEXT : NbdOption.GO);
            }
            case SET_META_CONTEXT -> {
                if (reply.type() == OptionReply.META_CONTEXT) {
                    takeContext(reply.data());
                } else {
                    requireEnd(over);
                    ask(context, NbdOption.GO);
                }
            }
            case GO -> go(in, reply);
        }
    }

    private void requireEnd(boolean over) throws NbdProtocolException {
        if (!over) {
            throw new NbdProtocolException("an answer of the wrong kind to the option " + asked);
        }
    }

    private void startTls(ChannelHandlerContext context, ByteBuf in, OptionReply reply) throws NbdProtocolException {
        if (reply.type() != OptionReply.ACK) {
            throw new NbdProtocolException("no TLS: " + reply.reason());
        }
        // Whatever came before the encryption is not of the server that it proves.
        if (in.isReadable()) {
            throw new NbdProtocolException("plain text where TLS has to begin");
        }
        context.pipeline().addFirst(encryption.get());
        ask(context, NbdOption.STRUCTURED_REPLY);
    }

    private void takeContext(ByteBuffer data) throws NbdProtocolException {
        if (data.remaining() < Integer.BYTES || info.allocation() != null) {
            throw new NbdProtocolException("a context that nobody has asked for");
        }
        int number = data.getInt();
        if (data.equals(ByteBuffer.wrap(ALLOCATION))) {
            info = info.withAllocation(number);
        }
    }

    private void go(ByteBuf in, OptionReply reply) throws NbdProtocolException {
        if (reply.isError()) {
            throw new NbdProtocolException("no " + address + ": " + reply.reason());
        }
        if (reply.type() == OptionReply.INFO) {
            takeInfo(reply.data());
        } else if (reply.type() == OptionReply.ACK && info.sizeBytes() >= 0 && !in.isReadable()) {
            result.complete(info);
        } else {
            throw new NbdProtocolException("an answer without the size of the export");
        }
    }

    private void takeInfo(ByteBuffer data) throws NbdProtocolException {
        if (data.remaining() < Short.BYTES) {
            throw new NbdProtocolException("an information without a kind");
        }
        int length = data.remaining();
        int kind = Short.toUnsignedInt(data.getShort());
        if (kind == INFO_EXPORT && length == EXPORT_BYTES) {
            info = info.with(data.getLong(), Short.toUnsignedInt(data.getShort()));
        } else if (kind == INFO_BLOCKS && length == BLOCKS_BYTES) {
            info = info.withBlocks(data.getInt(), data.getInt(), data.getInt());
        } else if (kind == INFO_EXPORT || kind == INFO_BLOCKS) {
            throw new NbdProtocolException("an information of " + length + " bytes");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        result.completeExceptionally(new NbdProtocolException("the end of the connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        result.completeExceptionally(cause);
        context.close();
    }
}
