package com.example.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A fixed disk: its bytes as they are, and the footer behind them. */
record FixedVhd(FileChannel file, long sizeBytes) implements Vhd {

    static FixedVhd open(FileChannel file, Footer footer) throws IOException {
        if (footer.sizeBytes() > file.size() - Fields.SECTOR) {
            throw new VhdException("has " + file.size() + " bytes, fewer than its disk of " + footer.sizeBytes());
        }
        return new FixedVhd(file, footer.sizeBytes());
    }

    /** Makes the disk in an empty file: it has its size, and takes space as it is written. */
    static void create(FileChannel file, long sizeBytes) throws IOException {
        Footer.of(sizeBytes, false).write(file, sizeBytes);
    }

    @Override
    public boolean isDynamic() {
        return false;
    }

    @Override
    public long allocatedBytes() {
        return sizeBytes;
    }

    @Override
    public void read(long offset, ByteBuffer destination) throws IOException {
        Fields.read(file, offset, destination);
    }

    @Override
    public void write(long offset, ByteBuffer source) throws IOException {
        Fields.write(file, offset, source);
    }

    @Override
    public void flush() throws IOException {
        file.force(true);
    }
}
