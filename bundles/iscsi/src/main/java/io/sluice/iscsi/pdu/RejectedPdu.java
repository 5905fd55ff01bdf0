package io.sluice.iscsi.pdu;

/**
 * A PDU that the decoder could delimit but not pass on.
 *
 * @param header its basic header segment
 * @param reason why
 */
public record RejectedPdu(byte[] header, RejectReason reason) {}
