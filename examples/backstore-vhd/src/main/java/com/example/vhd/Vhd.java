package com.example.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The disk in an open file. Every method may wait; several threads may call. */
interface Vhd {

    /** Opens the disk in a file that may be damaged, or made to do harm. */
    static Vhd open(FileChannel file, boolean writable) throws IOException {
        Footer footer = Footer.find(file);
        return footer.isDynamic() ? DynamicVhd.open(file, footer, writable) : FixedVhd.open(file, footer);
    }

    /** Returns the size of the disk. */
    long sizeBytes();

    /** Returns whether it takes space as it is written. */
    boolean isDynamic();

    /** Returns the bytes that its blocks take in the file. */
    long allocatedBytes();

    /** Reads whole sectors. */
    void read(long offset, ByteBuffer destination) throws IOException;

    /** Writes any bytes. */
    void write(long offset, ByteBuffer source) throws IOException;

    /** Puts all that was written before on stable storage. */
    void flush() throws IOException;
}
