package com.example.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/** What the structures of a VHD have in common: big-endian fields, a cookie at the start, a checksum over all bytes. */
final class Fields {

    /** Everything in a VHD begins at a multiple of this. */
    static final int SECTOR = 512;

    /** Of the footer and of the header of a dynamic disk. */
    static final int VERSION = 0x0001_0000;

    /** Stands for "nowhere" where an offset is expected. */
    static final long NOWHERE = -1;

    private Fields() {}

    /** Rounds up to whole sectors. */
    static long toSector(long bytes) {
        return (bytes + SECTOR - 1) / SECTOR * SECTOR;
    }

    /** Returns whether a structure begins with its cookie and its checksum is right. */
    static boolean isIntact(ByteBuffer structure, String cookie, int checksumAt) {
        byte[] begin = new byte[cookie.length()];
        structure.get(0, begin);
        return cookie.equals(new String(begin, StandardCharsets.ISO_8859_1))
                && structure.getInt(checksumAt) == checksum(structure, checksumAt);
    }

    /** Returns the complement of the sum of all bytes but those of the checksum itself. */
    static int checksum(ByteBuffer structure, int checksumAt) {
        int sum = 0;
        for (int i = 0; i < structure.capacity(); i++) {
            if (i < checksumAt || i >= checksumAt + Integer.BYTES) {
                sum += structure.get(i) & 0xFF;
            }
        }
        return ~sum;
    }

    /** Reads as many bytes as a buffer takes; what lies behind the end of the file is an error. */
    static ByteBuffer read(FileChannel file, long offset, ByteBuffer destination) throws IOException {
        long at = offset;
        while (destination.hasRemaining()) {
            int length = file.read(destination, at);
            if (length < 0) {
                throw new VhdException("ends at " + at + ": it was cut short");
            }
            at += length;
        }
        return destination.flip();
    }

    /** Writes all bytes of a buffer. */
    static void write(FileChannel file, long offset, ByteBuffer source) throws IOException {
        long at = offset;
        while (source.hasRemaining()) {
            at += file.write(source, at);
        }
    }
}
