package io.sluice.iscsi.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.sluice.iscsi.pdu.PduDecoder;

/**
 * Lets a connection rest whose PDUs come in tiny pieces: each piece would wake an event loop, at the expense of the others
 * that it serves. What comes meanwhile is collected by the kernel and read at once.
 *
 * <p>A read that completes a PDU costs nothing and pays for one that did not. Any other one is paid for by the bytes that it
 * has brought, so neither a data segment that arrives in packets of the usual size nor a header that comes ahead of its data
 * makes a connection rest.
 */
public final class ReadPace extends ChannelInboundHandlerAdapter {

    /** About the least that a packet carries on a path with many (RFC 1122 3.3.3), rounded. */
    private static final int COST_BYTES = 512;

    private static final int CREDIT_BYTES = 4 << 10;
    private static final int REST_MILLIS = 5;

    private final Connection connection;
    private final PduDecoder decoder;
    private long pdus;
    private int bytes;
    private int debt;

    /** @param decoder of the connection, behind this handler */
    public ReadPace(Connection connection, PduDecoder decoder) {
        this.connection = connection;
        this.decoder = decoder;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        bytes += ((ByteBuf) message).readableBytes();
        context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.fireChannelReadComplete();
        if (decoder.count() == pdus) {
            debt = Math.max(0, Math.min(CREDIT_BYTES, debt + COST_BYTES - bytes));
            if (debt == CREDIT_BYTES) {
                connection.reading().rest(REST_MILLIS);
            }
        } else {
            // The read before may have brought the header alone.
            debt = Math.max(0, debt - Math.max(COST_BYTES, bytes));
        }
        pdus = decoder.count();
        bytes = 0;
    }
}
