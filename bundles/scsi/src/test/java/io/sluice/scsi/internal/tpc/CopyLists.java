package io.sluice.scsi.internal.tpc;

import io.sluice.config.UnitIdentity;
import java.util.HexFormat;

/** Parameter lists of copying commands. */
public final class CopyLists {

    private CopyLists() {}

    /** Writes a big-endian field. */
    public static void put(byte[] bytes, int offset, int width, long value) {
        for (int i = 0; i < width; i++) {
            bytes[offset + i] = (byte) (value >>> (8 * (width - 1 - i)));
        }
    }

    /** A target descriptor that names a unit by its NAA designator. */
    public static byte[] target(UnitIdentity identity) {
        byte[] descriptor = new byte[32];
        descriptor[0] = (byte) 0xE4;
        descriptor[4] = 1;
        descriptor[5] = 3;
        descriptor[7] = 16;
        System.arraycopy(HexFormat.of().parseHex(identity.naa()), 0, descriptor, 8, 16);
        return descriptor;
    }

    /** A segment descriptor of block to block. */
    public static byte[] segment(int from, int to, int blocks, long fromLba, long toLba) {
        byte[] descriptor = new byte[28];
        descriptor[0] = 2;
        descriptor[3] = 24;
        put(descriptor, 4, 2, from);
        put(descriptor, 6, 2, to);
        put(descriptor, 10, 2, blocks);
        put(descriptor, 12, 8, fromLba);
        put(descriptor, 20, 8, toLba);
        return descriptor;
    }

    /** The parameter list of EXTENDED COPY. */
    public static byte[] list(int listId, byte[][] targets, byte[]... segments) {
        byte[] list = new byte[16 + 32 * targets.length + 28 * segments.length];
        list[0] = (byte) listId;
        put(list, 2, 2, 32 * targets.length);
        put(list, 8, 4, 28 * segments.length);
        int offset = 16;
        for (byte[] target : targets) {
            System.arraycopy(target, 0, list, offset, 32);
            offset += 32;
        }
        for (byte[] segment : segments) {
            System.arraycopy(segment, 0, list, offset, 28);
            offset += 28;
        }
        return list;
    }

    /** A parameter list that ends with block range descriptors, which begin after so many bytes. */
    public static byte[] ranges(int before, long... lbaAndBlocks) {
        byte[] list = new byte[before + 2 + 8 * lbaAndBlocks.length];
        put(list, 0, 2, list.length - 2);
        put(list, before, 2, 8L * lbaAndBlocks.length);
        for (int i = 0; i < lbaAndBlocks.length; i += 2) {
            put(list, before + 2 + 8 * i, 8, lbaAndBlocks[i]);
            put(list, before + 2 + 8 * i + 8, 4, lbaAndBlocks[i + 1]);
        }
        return list;
    }
}
