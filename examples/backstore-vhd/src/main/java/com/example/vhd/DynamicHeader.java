package com.example.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * Where the blocks of a dynamic disk are listed and how long they are: "Dynamic Disk Header Format" in the specification.
 *
 * @param tableOffset where the block allocation table begins
 * @param entries how many of its entries are needed for the disk
 * @param blockBytes bytes of the disk in a block, a power of two
 */
record DynamicHeader(long tableOffset, int entries, int blockBytes) {

    static final int BYTES = 1024;

    /** What everybody uses. */
    static final int USUAL_BLOCK_BYTES = 2 << 20;

    /** The table is kept in memory, so a file cannot be believed in this; a disk of 2040 GiB needs a quarter of it. */
    private static final int MOST_ENTRIES = 4 << 20;

    private static final int MOST_BLOCK_BYTES = 256 << 20;
    private static final String COOKIE = "cxsparse";
    private static final int TABLE_OFFSET_AT = 16;
    private static final int VERSION_AT = 24;
    private static final int ENTRIES_AT = 28;
    private static final int BLOCK_BYTES_AT = 32;
    private static final int CHECKSUM_AT = 36;

    /** Of a new disk, whose first sector is a copy of the footer. */
    static DynamicHeader of(long sizeBytes) {
        return new DynamicHeader(Fields.SECTOR + BYTES, entries(sizeBytes, USUAL_BLOCK_BYTES), USUAL_BLOCK_BYTES);
    }

    private static int entries(long sizeBytes, int blockBytes) {
        return (int) Math.min(Integer.MAX_VALUE, (sizeBytes - 1) / blockBytes + 1);
    }

    /** Reads a header and believes nothing in it. */
    static DynamicHeader read(FileChannel file, Footer footer) throws IOException {
        long offset = footer.headerOffset();
        if (offset < Fields.SECTOR || offset % Fields.SECTOR != 0 || offset > file.size() - BYTES) {
            throw new VhdException("says that its header is at " + Long.toUnsignedString(offset));
        }
        ByteBuffer bytes = Fields.read(file, offset, ByteBuffer.allocate(BYTES));
        if (!Fields.isIntact(bytes, COOKIE, CHECKSUM_AT) || bytes.getInt(VERSION_AT) != Fields.VERSION) {
            throw new VhdException("has a damaged header, or one of another version");
        }
        int blockBytes = bytes.getInt(BLOCK_BYTES_AT);
        if (blockBytes < Fields.SECTOR || blockBytes > MOST_BLOCK_BYTES || Integer.bitCount(blockBytes) != 1) {
            throw new VhdException("says that its blocks have " + Integer.toUnsignedString(blockBytes) + " bytes");
        }
        int entries = entries(footer.sizeBytes(), blockBytes);
        long listed = Integer.toUnsignedLong(bytes.getInt(ENTRIES_AT));
        if (entries > listed || entries > MOST_ENTRIES) {
            throw new VhdException("needs " + entries + " blocks, lists " + listed + ", and " + MOST_ENTRIES
                    + " can be had: the file is damaged, or its blocks are too small");
        }
        long table = bytes.getLong(TABLE_OFFSET_AT);
        long length = (long) entries * Integer.BYTES;
        boolean overHeader = table < offset + BYTES && table + length > offset;
        if (table < Fields.SECTOR || table % Fields.SECTOR != 0 || table > file.size() - length || overHeader) {
            throw new VhdException("says that its block table is at " + Long.toUnsignedString(table));
        }
        return new DynamicHeader(table, entries, blockBytes);
    }

    /** Returns where the bitmap and the data of a block may begin at the earliest. */
    long firstBlockOffset(Footer footer) {
        long tableEnd = tableOffset + (long) entries * Integer.BYTES;
        return Fields.toSector(Math.max(tableEnd, footer.headerOffset() + BYTES));
    }

    /** Returns the length of the bitmap before the data of a block: a bit for each sector, in whole sectors. */
    int bitmapBytes() {
        return (int) Fields.toSector(blockBytes / Fields.SECTOR / Byte.SIZE);
    }

    /** Returns what a block takes in the file. */
    int bitmapAndBlockBytes() {
        return bitmapBytes() + blockBytes;
    }

    void write(FileChannel file, long offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.put(COOKIE.getBytes(StandardCharsets.ISO_8859_1)).putLong(Fields.NOWHERE);
        bytes.putLong(tableOffset).putInt(Fields.VERSION).putInt(entries).putInt(blockBytes);
        bytes.putInt(CHECKSUM_AT, Fields.checksum(bytes, CHECKSUM_AT));
        Fields.write(file, offset, bytes.clear());
    }
}
