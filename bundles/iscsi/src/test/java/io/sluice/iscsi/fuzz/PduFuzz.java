package io.sluice.iscsi.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.iscsi.pdu.InitiatorPdu;
import io.sluice.iscsi.pdu.PduDecoder;
import io.sluice.iscsi.pdu.ProtocolException;
import java.util.Arrays;

/**
 * Bytes of a connection. The first one says how they come: whether the login is over, with which digests, and in pieces of how
 * many bytes. No PDU is longer than what was declared, and no buffer is left.
 */
public final class PduFuzz {

    private static final int LIMIT = 8192;
    private static final int IN_FULL_FEATURE_PHASE = 0x01;
    private static final int HEADER_DIGEST = 0x02;
    private static final int DATA_DIGEST = 0x04;

    private PduFuzz() {}

    /** Tries one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        int flags = data[0];
        PduDecoder decoder = new PduDecoder(LIMIT);
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        if ((flags & IN_FULL_FEATURE_PHASE) != 0) {
            decoder.enterFullFeaturePhase(LIMIT, (flags & HEADER_DIGEST) != 0, (flags & DATA_DIGEST) != 0);
        }
        int piece = 1 + ((flags >> 3) & 0x1F) * 8;
        ByteBuf last = null;
        try {
            for (int at = 1; at < data.length; at += piece) {
                last = Unpooled.copiedBuffer(Arrays.copyOfRange(data, at, Math.min(data.length, at + piece)));
                channel.writeInbound(last);
                takeAll(channel);
            }
        } catch (Exception refused) {
            if (!(refused instanceof ProtocolException)) {
                throw refused;
            }
        } finally {
            takeAll(channel);
            channel.close();
        }
        if (last != null && last.refCnt() != 0) {
            throw new AssertionError("a buffer is left");
        }
    }

    private static void takeAll(EmbeddedChannel channel) {
        for (Object pdu = channel.readInbound(); pdu != null; pdu = channel.readInbound()) {
            if (pdu instanceof InitiatorPdu taken) {
                if (taken.data().readableBytes() > LIMIT) {
                    throw new AssertionError("a data segment of " + taken.data().readableBytes());
                }
                taken.data().release();
            }
        }
    }
}
