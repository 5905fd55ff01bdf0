package com.example.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Where each block of a dynamic disk is in the file: "Block Allocation Table" in the specification. It is kept in memory. A new
 * entry gets into the file only with {@link #save}, whose caller has seen to it that what it refers to is on stable storage;
 * until then a file that is found after a power loss does not know the block, and that is all that is lost. Thread-safe.
 */
final class BlockTable {

    private static final int NONE = -1;
    private static final int PIECE_BYTES = 1 << 16;

    private final long tableOffset;
    private final int[] sectors;
    private final BitSet unsaved = new BitSet();
    private int used;

    private BlockTable(long tableOffset, int[] sectors) {
        this.tableOffset = tableOffset;
        this.sectors = sectors;
        this.used =
                (int) Arrays.stream(sectors).filter(sector -> sector != NONE).count();
    }

    /** Writes the table of a disk without blocks. */
    static void writeEmpty(FileChannel file, DynamicHeader header) throws IOException {
        long end = header.tableOffset() + Fields.toSector((long) header.entries() * Integer.BYTES);
        byte[] none = new byte[PIECE_BYTES];
        Arrays.fill(none, (byte) NONE);
        for (long at = header.tableOffset(); at < end; at += PIECE_BYTES) {
            Fields.write(file, at, ByteBuffer.wrap(none, 0, (int) Math.min(PIECE_BYTES, end - at)));
        }
    }

    /** Reads the table of a file. Blocks that lie outside of it, over its structures or over each other are refused. */
    static BlockTable read(FileChannel file, Footer footer, DynamicHeader header, long end) throws IOException {
        int[] sectors = new int[header.entries()];
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        for (int i = 0; i < sectors.length; ) {
            int count = Math.min(sectors.length - i, PIECE_BYTES / Integer.BYTES);
            long offset = header.tableOffset() + (long) i * Integer.BYTES;
            Fields.read(file, offset, piece.clear().limit(count * Integer.BYTES));
            piece.asIntBuffer().get(sectors, i, count);
            i += count;
        }
        check(sectors, header.firstBlockOffset(footer), header.bitmapAndBlockBytes(), end);
        return new BlockTable(header.tableOffset(), sectors);
    }

    private static void check(int[] sectors, long first, int blockBytes, long end) throws VhdException {
        long[] offsets = Arrays.stream(sectors)
                .filter(sector -> sector != NONE)
                .mapToLong(BlockTable::offset)
                .sorted()
                .toArray();
        long free = first;
        for (long offset : offsets) {
            if (offset < free || offset > end - blockBytes) {
                throw new VhdException("has a block at " + offset + ", where there is no room for it");
            }
            free = offset + blockBytes;
        }
    }

    private static long offset(int sector) {
        return Integer.toUnsignedLong(sector) * Fields.SECTOR;
    }

    /** Returns where a block begins in the file, with its bitmap; {@link Fields#NOWHERE} if it has no space. */
    synchronized long find(int block) {
        return sectors[block] == NONE ? Fields.NOWHERE : offset(sectors[block]);
    }

    /** Gives a block the space at an offset, which holds its bitmap and zeros. */
    synchronized void put(int block, long offset) {
        sectors[block] = (int) (offset / Fields.SECTOR);
        unsaved.set(block);
        used++;
    }

    /** Returns how many blocks have space. */
    synchronized int used() {
        return used;
    }

    /** Returns the blocks whose entries are not in the file yet. */
    synchronized BitSet unsaved() {
        return (BitSet) unsaved.clone();
    }

    /** Writes the entries of some blocks. */
    void save(FileChannel file, BitSet blocks) throws IOException {
        for (int block = blocks.nextSetBit(0); block >= 0; block = blocks.nextSetBit(block + 1)) {
            ByteBuffer entry = ByteBuffer.allocate(Integer.BYTES);
            synchronized (this) {
                entry.putInt(sectors[block]).flip();
            }
            Fields.write(file, tableOffset + (long) block * Integer.BYTES, entry);
        }
    }

    /** The entries of some blocks are on stable storage. */
    synchronized void saved(BitSet blocks) {
        unsaved.andNot(blocks);
    }
}
