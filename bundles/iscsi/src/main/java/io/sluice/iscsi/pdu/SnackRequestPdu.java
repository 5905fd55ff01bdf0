package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/** SNACK Request (RFC 7143 11.16): has no place at ErrorRecoveryLevel 0. */
public record SnackRequestPdu(byte[] header, byte[] additional, ByteBuf data) implements InitiatorPdu {}
