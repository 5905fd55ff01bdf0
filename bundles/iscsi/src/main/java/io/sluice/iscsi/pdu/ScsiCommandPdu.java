package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/** SCSI Command (RFC 7143 11.3). */
public record ScsiCommandPdu(byte[] header, byte[] additional, ByteBuf data) implements InitiatorPdu {

    private static final int READ = 0x40;
    private static final int WRITE = 0x20;
    private static final int ATTRIBUTE = 0x07;
    private static final int EXPECTED_DATA_TRANSFER_LENGTH = 20;
    private static final int CDB = 32;
    private static final int CDB_LENGTH = 16;

    /** Returns the R bit: Data-In is expected. */
    public boolean reads() {
        return (header[1] & READ) != 0;
    }

    /** Returns the W bit: Data-Out is offered. */
    public boolean writes() {
        return (header[1] & WRITE) != 0;
    }

    /** Returns the ATTR field: 0 untagged, 1 simple, 2 ordered, 3 head of queue, 4 ACA. */
    public int attribute() {
        return header[1] & ATTRIBUTE;
    }

    /** Returns the Expected Data Transfer Length as an unsigned number. */
    public long expectedDataTransferLength() {
        return BasicHeader.s32(header, EXPECTED_DATA_TRANSFER_LENGTH) & 0xFFFF_FFFFL;
    }

    /** Returns the CDB, with the rest of a long one from the additional header segment. */
    public byte[] cdb() {
        byte[] rest = AdditionalHeader.extendedCdb(additional);
        byte[] cdb = new byte[CDB_LENGTH + rest.length];
        System.arraycopy(header, CDB, cdb, 0, CDB_LENGTH);
        System.arraycopy(rest, 0, cdb, CDB_LENGTH, rest.length);
        return cdb;
    }
}
