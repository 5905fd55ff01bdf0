package com.example.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A dynamic disk: blocks that are put behind the others when something is written into them for the first time, with the footer
 * always at the end.
 *
 * <p>What a power loss may leave is always a disk, with all that was flushed: a block is behind the old end of the file, the
 * table refers to it only when it is on stable storage, and whoever finds no footer at the end takes the copy at the start.
 */
final class DynamicVhd implements Vhd {

    private final FileChannel file;
    private final Footer footer;
    private final DynamicHeader header;
    private final BlockTable table;

    /** Blocks of whose bitmaps it is known that all bits are set. Guarded by itself. */
    private final BitSet complete = new BitSet();

    /** Where the footer is, and the next block will be. Guarded by this. */
    private long end;

    private DynamicVhd(FileChannel file, Footer footer, DynamicHeader header, BlockTable table, long end) {
        this.file = file;
        this.footer = footer;
        this.header = header;
        this.table = table;
        this.end = end;
    }

    static DynamicVhd open(FileChannel file, Footer footer, boolean writable) throws IOException {
        DynamicHeader header = DynamicHeader.read(file, footer);
        boolean whole = Footer.at(file, file.size() - Fields.SECTOR) != null;
        // Without a footer the last growth was interrupted; what may be left of it is not used again, it is not zeros.
        long end = whole ? file.size() - Fields.SECTOR : Fields.toSector(file.size());
        if (end % Fields.SECTOR != 0) {
            throw new VhdException("has " + file.size() + " bytes, which are not whole sectors");
        }
        BlockTable table = BlockTable.read(file, footer, header, end);
        if (!whole && writable) {
            footer.write(file, end);
        }
        return new DynamicVhd(file, footer, header, table, end);
    }

    /** Makes the disk in an empty file: it takes space as it is written. */
    static void create(FileChannel file, long sizeBytes) throws IOException {
        Footer footer = Footer.of(sizeBytes, true);
        DynamicHeader header = DynamicHeader.of(sizeBytes);
        footer.write(file, 0);
        header.write(file, footer.headerOffset());
        BlockTable.writeEmpty(file, header);
        footer.write(file, header.firstBlockOffset(footer));
    }

    @Override
    public long sizeBytes() {
        return footer.sizeBytes();
    }

    @Override
    public boolean isDynamic() {
        return true;
    }

    @Override
    public long allocatedBytes() {
        return (long) table.used() * header.blockBytes();
    }

    /** What is done to a piece that lies in one block. */
    @FunctionalInterface
    private interface PieceOperation {
        void apply(int block, int offsetInBlock, ByteBuffer piece) throws IOException;
    }

    private void eachBlock(long offset, ByteBuffer buffer, PieceOperation operation) throws IOException {
        int limit = buffer.limit();
        long start = offset - buffer.position();
        while (buffer.position() < limit) {
            long at = start + buffer.position();
            int inBlock = (int) (at % header.blockBytes());
            int length = Math.min(limit - buffer.position(), header.blockBytes() - inBlock);
            operation.apply((int) (at / header.blockBytes()), inBlock, buffer.slice(buffer.position(), length));
            buffer.position(buffer.position() + length);
        }
    }

    @Override
    public void read(long offset, ByteBuffer destination) throws IOException {
        eachBlock(offset, destination, this::readPiece);
    }

    private void readPiece(int block, int inBlock, ByteBuffer piece) throws IOException {
        long at = table.find(block);
        if (at == Fields.NOWHERE) {
            putZeros(piece, 0, piece.capacity());
            return;
        }
        // Looked at first: whoever completes the block meanwhile leaves zeros where this bitmap says so.
        BitSet missing = missing(block, at);
        Fields.read(file, at + header.bitmapBytes() + inBlock, piece);
        int first = inBlock / Fields.SECTOR;
        int behind = first + piece.capacity() / Fields.SECTOR;
        for (int i = missing.nextSetBit(first); i >= 0 && i < behind; i = missing.nextSetBit(i + 1)) {
            putZeros(piece, (i - first) * Fields.SECTOR, Fields.SECTOR);
        }
    }

    private static void putZeros(ByteBuffer piece, int from, int length) {
        piece.put(from, new byte[length]);
    }

    /** Returns the sectors of a block that were never written: they read as zeros, whatever is there in the file. */
    private BitSet missing(int block, long at) throws IOException {
        BitSet missing = new BitSet();
        synchronized (complete) {
            if (complete.get(block)) {
                return missing;
            }
        }
        ByteBuffer bitmap = Fields.read(file, at, ByteBuffer.allocate(header.bitmapBytes()));
        int sectors = header.blockBytes() / Fields.SECTOR;
        for (int i = 0; i < sectors; i++) {
            // The highest bit of a byte is the first sector.
            boolean written = (bitmap.get(i / Byte.SIZE) & 0x80 >> i % Byte.SIZE) != 0;
            missing.set(i, !written);
        }
        if (missing.isEmpty()) {
            markComplete(block);
        }
        return missing;
    }

    private void markComplete(int block) {
        synchronized (complete) {
            complete.set(block);
        }
    }

    @Override
    public void write(long offset, ByteBuffer source) throws IOException {
        eachBlock(
                offset,
                source,
                (block, inBlock, piece) ->
                        Fields.write(file, writableBlock(block) + header.bitmapBytes() + inBlock, piece));
    }

    /** Returns where a block is, with a bitmap that has all bits set; gives it space first if it has none. */
    private synchronized long writableBlock(int block) throws IOException {
        long at = table.find(block);
        if (at == Fields.NOWHERE) {
            return allocate(block);
        }
        BitSet missing = missing(block, at);
        if (!missing.isEmpty()) {
            for (int i = missing.nextSetBit(0); i >= 0; i = missing.nextSetBit(i + 1)) {
                long sector = at + header.bitmapBytes() + (long) i * Fields.SECTOR;
                Fields.write(file, sector, ByteBuffer.allocate(Fields.SECTOR));
            }
            // A sector whose bit is set without its zeros would show what was there before.
            file.force(false);
            writeBitmap(at);
            markComplete(block);
        }
        return at;
    }

    /**
     * Puts a block where the footer is. The footer is written behind it first, so that there is always one at the end of the
     * file; what lies between reads as zeros without being written, and the bitmap takes the place of the old footer.
     */
    private long allocate(int block) throws IOException {
        long at = end;
        long newEnd = at + header.bitmapAndBlockBytes();
        footer.write(file, newEnd);
        writeBitmap(at);
        end = newEnd;
        markComplete(block);
        table.put(block, at);
        return at;
    }

    private void writeBitmap(long at) throws IOException {
        byte[] bitmap = new byte[header.bitmapBytes()];
        Arrays.fill(bitmap, (byte) 0xFF);
        Fields.write(file, at, ByteBuffer.wrap(bitmap));
    }

    @Override
    public void flush() throws IOException {
        BitSet blocks = table.unsaved();
        file.force(true);
        if (!blocks.isEmpty()) {
            table.save(file, blocks);
            file.force(true);
            table.saved(blocks);
        }
    }
}
