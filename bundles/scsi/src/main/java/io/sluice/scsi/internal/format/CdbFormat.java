package io.sluice.scsi.internal.format;

/** Where a CDB of one length keeps its common fields (SPC-5 4.2). */
public enum CdbFormat {
    CDB6(6) {
        @Override
        public long lba(byte[] cdb) {
            return Bytes.u24(cdb, 1) & 0x1F_FFFF;
        }

        @Override
        public long length(byte[] cdb) {
            return cdb[4] & 0xFF;
        }

        /** In READ(6) and WRITE(6) a TRANSFER LENGTH of zero means 256 blocks (SBC-4 5.16). */
        @Override
        public long blocks(byte[] cdb) {
            return cdb[4] == 0 ? 256 : cdb[4] & 0xFF;
        }
    },
    CDB10(10) {
        @Override
        public long lba(byte[] cdb) {
            return Bytes.u32(cdb, 2);
        }

        @Override
        public long length(byte[] cdb) {
            return Bytes.u16(cdb, 7);
        }
    },
    CDB12(12) {
        @Override
        public long lba(byte[] cdb) {
            return Bytes.u32(cdb, 2);
        }

        @Override
        public long length(byte[] cdb) {
            return Bytes.u32(cdb, 6);
        }
    },
    CDB16(16) {
        @Override
        public long lba(byte[] cdb) {
            return Bytes.s64(cdb, 2);
        }

        @Override
        public long length(byte[] cdb) {
            return Bytes.u32(cdb, 10);
        }
    };

    private final int lengthBytes;

    CdbFormat(int lengthBytes) {
        this.lengthBytes = lengthBytes;
    }

    /** Returns the length of the CDB in bytes. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** Returns the LOGICAL BLOCK ADDRESS; negative stands for 2^63 and more, which no unit has. */
    public abstract long lba(byte[] cdb);

    /** Returns the TRANSFER, ALLOCATION or PARAMETER LIST LENGTH as it stands. */
    public abstract long length(byte[] cdb);

    /** Returns the number of blocks that a read or write transfers. */
    public long blocks(byte[] cdb) {
        return length(cdb);
    }
}
