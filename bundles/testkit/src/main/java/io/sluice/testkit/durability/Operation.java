package io.sluice.testkit.durability;

import java.nio.ByteBuffer;

/** What a {@link RecordingInitiator} does (SBC-4 5). */
public enum Operation {
    READ(0x88, 0, null),
    WRITE(0x8A, 0, Write.Kind.CACHED),
    WRITE_FUA(0x8A, 0x08, Write.Kind.FUA),
    WRITE_ATOMIC(0x9C, 0, Write.Kind.ATOMIC),
    COMPARE_AND_WRITE(0x89, 0, Write.Kind.CACHED),
    /** WRITE SAME of a block of zeros. */
    WRITE_SAME(0x93, 0, Write.Kind.ZEROS),
    UNMAP(0x42, 0, Write.Kind.ZEROS),
    /** Of the whole disk. */
    SYNCHRONIZE_CACHE(0x35, 0, null);

    private final int opcode;
    private final int flags;
    private final Write.Kind kind;

    Operation(int opcode, int flags, Write.Kind kind) {
        this.opcode = opcode;
        this.flags = flags;
        this.kind = kind;
    }

    /** Returns what it does to blocks, or null if it changes none. */
    Write.Kind kind() {
        return kind;
    }

    byte[] cdb(long lba, int blocks) {
        ByteBuffer cdb = ByteBuffer.allocate(16).put((byte) opcode).put((byte) flags);
        switch (this) {
            case SYNCHRONIZE_CACHE -> {
                return new byte[] {(byte) opcode, 0, 0, 0, 0, 0, 0, 0, 0, 0};
            }
            case UNMAP -> {
                return new byte[] {(byte) opcode, 0, 0, 0, 0, 0, 0, 0, UNMAP_LIST_BYTES, 0};
            }
            case COMPARE_AND_WRITE -> cdb.putLong(2, lba).put(13, (byte) blocks);
            case WRITE_ATOMIC -> cdb.putLong(2, lba).putShort(12, (short) blocks);
            default -> cdb.putLong(2, lba).putInt(10, blocks);
        }
        return cdb.array();
    }

    private static final int UNMAP_LIST_BYTES = 24;

    /** Returns the parameter list of an UNMAP with one descriptor. */
    static byte[] unmapList(long lba, int blocks) {
        return ByteBuffer.allocate(UNMAP_LIST_BYTES)
                .putShort((short) (UNMAP_LIST_BYTES - 2))
                .putShort((short) 16)
                .putLong(8, lba)
                .putInt(16, blocks)
                .array();
    }
}
