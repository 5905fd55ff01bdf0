package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;

/** Copies for {@link PduWatch} what passes. */
final class PduTap {

    private PduTap() {}

    static void received(PduWatch watch, Opcode opcode, byte[] header, byte[] additional, ByteBuf data) {
        byte[] head = Arrays.copyOf(header, header.length + additional.length);
        System.arraycopy(additional, 0, head, header.length, additional.length);
        watch.passed(opcode, head, copy(watch, opcode, data), data.readableBytes());
    }

    /** @param length of the data, which may be in a file, and then is not seen */
    static void sent(PduWatch watch, Opcode opcode, ByteBuf header, ByteBuf data, int length) {
        byte[] head = ByteBufUtil.getBytes(header, 0, BasicHeader.LENGTH);
        watch.passed(opcode, head, copy(watch, opcode, data), length);
    }

    private static byte[] copy(PduWatch watch, Opcode opcode, ByteBuf data) {
        int length = Math.min(data.readableBytes(), watch.keeps(opcode, data.readableBytes()));
        return ByteBufUtil.getBytes(data, data.readerIndex(), length);
    }
}
