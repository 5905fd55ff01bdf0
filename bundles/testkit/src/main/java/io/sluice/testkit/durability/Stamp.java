package io.sluice.testkit.durability;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a block carries, so that whoever reads it can tell which write it comes from and whether it is whole. The rest of the
 * block is filled from the sequence, and a checksum at its end covers all of it. Works for blocks of 64 bytes and more, a
 * multiple of 8.
 *
 * @param lun number of the disk
 * @param lba the block that it was written for
 * @param sequence which write it was, from the clock of the model; 0 only for {@link #ZERO}
 * @param writer who wrote it
 */
public record Stamp(int lun, long lba, long sequence, int writer) {

    /** What a block of zeros carries: one that was never written, or that was unmapped. */
    public static final Stamp ZERO = new Stamp(0, 0, 0, 0);

    private static final long MAGIC = 0x536c_7569_6365_426cL;
    private static final int CHECKSUM_BYTES = 8;

    /** Fills what remains of the buffer, which has to be one block. */
    public void fill(ByteBuffer block) {
        int begin = block.position();
        int end = block.limit() - CHECKSUM_BYTES;
        block.putLong(MAGIC).putInt(lun).putInt(writer).putLong(lba).putLong(sequence);
        while (block.position() < end) {
            block.putLong(filler(block.position() - begin));
        }
        block.putLong(checksum(block.slice(begin, end - begin)));
    }

    /** Differs in every place and for every write, so that parts of two writes never make a whole block. */
    private long filler(int offset) {
        long mixed = (sequence * 0x9E37_79B9_7F4A_7C15L ^ lba) + offset;
        return mixed * 0xD6E8_FEB8_6659_FD93L | 1;
    }

    private static long checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }

    /** Returns what the block carries, {@link #ZERO} for zeros, and nothing if it is not a whole block of anybody. */
    public static Optional<Stamp> read(ByteBuffer block) {
        ByteBuffer bytes = block.slice();
        int end = bytes.limit() - CHECKSUM_BYTES;
        if (bytes.getLong(0) == 0) {
            return isZero(bytes) ? Optional.of(ZERO) : Optional.empty();
        }
        if (bytes.getLong(0) != MAGIC || bytes.getLong(end) != checksum(bytes.slice(0, end))) {
            return Optional.empty();
        }
        return Optional.of(new Stamp(bytes.getInt(8), bytes.getLong(16), bytes.getLong(24), bytes.getInt(12)));
    }

    private static boolean isZero(ByteBuffer bytes) {
        for (int at = 0; at < bytes.limit(); at += Long.BYTES) {
            if (bytes.getLong(at) != 0) {
                return false;
            }
        }
        return true;
    }
}
