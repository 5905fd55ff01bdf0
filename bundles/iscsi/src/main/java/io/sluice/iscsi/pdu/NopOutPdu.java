package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/** NOP-Out (RFC 7143 11.18): a ping, or the answer to one of ours. */
public record NopOutPdu(byte[] header, byte[] additional, ByteBuf data) implements InitiatorPdu {}
