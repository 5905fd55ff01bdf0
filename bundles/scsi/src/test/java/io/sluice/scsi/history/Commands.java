package io.sluice.scsi.history;

import io.sluice.scsi.TestUnit;
import io.sluice.scsi.internal.tpc.CopyLists;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The CDBs and data of the commands of a history. */
final class Commands {

    static final int BLOCK_SIZE = 512;

    private static final int TOKEN_LENGTH = 512;

    /** In RECEIVE ROD TOKEN INFORMATION. */
    private static final int TOKEN_OFFSET = 38;

    private static final int LIST_ID = 0x2a;

    private Commands() {}

    private static ByteBuffer cdb(int... first) {
        ByteBuffer cdb = ByteBuffer.allocate(16);
        for (int value : first) {
            cdb.put((byte) value);
        }
        return cdb;
    }

    static byte[] of(Event event, byte[] dataOut) {
        ByteBuffer cdb;
        switch (event.kind) {
            case READ:
                return cdb(0x28)
                        .putInt(2, event.lba)
                        .put(8, (byte) event.blocks)
                        .array();
            case WRITE:
            case WRITE_FUA:
                return cdb(0x2A, event.kind == Kind.WRITE_FUA ? 0x08 : 0)
                        .putInt(2, event.lba)
                        .put(8, (byte) event.blocks)
                        .array();
            case COMPARE_AND_WRITE:
                cdb = cdb(0x89).putLong(2, event.lba).put(13, (byte) event.blocks);
                break;
            case OR_WRITE:
                cdb = cdb(0x8B).putLong(2, event.lba).putInt(10, event.blocks);
                break;
            case WRITE_ATOMIC:
                cdb = cdb(0x9C).putLong(2, event.lba).putShort(12, (short) event.blocks);
                break;
            case UNMAP:
                cdb = cdb(0x42).putShort(7, (short) dataOut.length);
                break;
            case WRITE_SAME:
                cdb = cdb(0x93).putLong(2, event.lba).putInt(10, event.blocks);
                break;
            case EXTENDED_COPY:
                cdb = cdb(0x83).putInt(10, dataOut.length);
                break;
            case POPULATE_TOKEN:
                cdb = cdb(0x83, 0x10).putInt(6, LIST_ID).putInt(10, dataOut.length);
                break;
            case WRITE_USING_TOKEN:
                cdb = cdb(0x83, 0x11).putInt(6, LIST_ID + 1).putInt(10, dataOut.length);
                break;
            default:
                throw new AssertionError(event.kind);
        }
        return cdb.array();
    }

    /** Returns the command that fetches the token which POPULATE TOKEN has made. */
    static byte[] fetchToken() {
        return cdb(0x84, 0x07)
                .putInt(2, LIST_ID)
                .putInt(10, TOKEN_OFFSET + TOKEN_LENGTH)
                .array();
    }

    static byte[] token(byte[] information) {
        return Arrays.copyOfRange(information, TOKEN_OFFSET, TOKEN_OFFSET + TOKEN_LENGTH);
    }

    static byte[] requestSense() {
        return cdb(0x03, 0, 0, 0, 0xFC).array();
    }

    /** @param token what WRITE USING TOKEN writes by */
    static byte[] dataOut(Event event, byte[] token) {
        switch (event.kind) {
            case READ:
                return new byte[0];
            case WRITE:
            case WRITE_FUA:
            case OR_WRITE:
            case WRITE_ATOMIC:
                return filled(event.blocks, event.value);
            case WRITE_SAME:
                return filled(1, event.value);
            case COMPARE_AND_WRITE:
                ByteBuffer both = ByteBuffer.allocate(2 * event.blocks * BLOCK_SIZE);
                for (int value : event.expected) {
                    both.put(filled(1, value));
                }
                return both.put(filled(event.blocks, event.value)).array();
            case UNMAP:
                return ByteBuffer.allocate(24)
                        .putShort(0, (short) 22)
                        .putShort(2, (short) 16)
                        .putLong(8, event.lba)
                        .putInt(16, event.blocks)
                        .array();
            case EXTENDED_COPY:
                byte[][] unit = {CopyLists.target(TestUnit.IDENTITY)};
                return CopyLists.list(7, unit, CopyLists.segment(0, 0, event.blocks, event.from, event.lba));
            case POPULATE_TOKEN:
                return CopyLists.ranges(14, event.lba, event.blocks);
            case WRITE_USING_TOKEN:
                byte[] list = CopyLists.ranges(534, event.lba, event.blocks);
                System.arraycopy(token, 0, list, 16, TOKEN_LENGTH);
                return list;
            default:
                throw new AssertionError(event.kind);
        }
    }

    private static byte[] filled(int blocks, int value) {
        byte[] data = new byte[blocks * BLOCK_SIZE];
        Arrays.fill(data, (byte) value);
        return data;
    }

    /** Returns the values of blocks. */
    static int[] values(byte[] data) {
        int[] values = new int[data.length / BLOCK_SIZE];
        for (int i = 0; i < values.length; i++) {
            values[i] = data[i * BLOCK_SIZE] & 0xFF;
            for (int offset = 1; offset < BLOCK_SIZE; offset++) {
                if (data[i * BLOCK_SIZE + offset] != data[i * BLOCK_SIZE]) {
                    values[i] = Event.TORN;
                }
            }
        }
        return values;
    }
}
