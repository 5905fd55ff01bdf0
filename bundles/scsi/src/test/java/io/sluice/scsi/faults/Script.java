package io.sluice.scsi.faults;

import io.sluice.scsi.TestUnit;
import io.sluice.scsi.faults.Step.Effect;
import io.sluice.scsi.faults.Step.Promise;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/** A fixed mix of commands that read, write, clear, compare, copy and flush blocks. */
final class Script {

    static final int BLOCKS = 128;
    static final int BLOCK = 512;
    private static final Effect NO_EFFECT = (number, before) -> before;
    private static final Effect ZEROS = (number, before) -> new byte[BLOCK];

    private Script() {}

    static List<Step> steps() {
        return List.of(
                write("WRITE(10)", "2a 00", 1, Promise.CACHED, 0, 16),
                read("READ(10)", "28 00", Promise.NONE, 0, 16),
                write("WRITE(10) with FUA", "2a 08", 2, Promise.STABLE, 16, 8),
                flush("SYNCHRONIZE CACHE(10)", "35 00 00 00 00 00 00 00 00 00"),
                write("WRITE(10) again", "2a 00", 3, Promise.CACHED, 4, 8),
                unmap(),
                same("WRITE SAME(16)", "93 00", 4, (number, before) -> pattern(4, 0), 40, 16),
                same("WRITE SAME(16) with UNMAP", "93 08", 0, ZEROS, 0, 4),
                flush("SYNCHRONIZE CACHE(16)", "91 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"),
                orWrite(),
                compareAndWrite(),
                atomic(),
                write("WRITE(10) over an atomic write", "2a 08", 11, Promise.STABLE, 48, 2),
                write("WRITE AND VERIFY(10)", "2e 02", 7, Promise.STABLE, 60, 4),
                compare("VERIFY(10)", 60, 4),
                copy(40, 80, 16),
                read("READ(10) with FUA", "28 08", Promise.FLUSHED, 40, 40),
                caching("MODE SELECT(6) that turns the cache off", 0x00, Promise.ALL_STABLE),
                write("WRITE(10) without a cache", "2a 00", 8, Promise.STABLE, 100, 4),
                caching("MODE SELECT(6) that turns the cache on", 0x04, Promise.NONE),
                write("WRITE(10) at the end", "2a 00", 9, Promise.CACHED, 96, 16),
                flush("SYNCHRONIZE CACHE(10) at the end", "35 00 00 00 00 00 00 00 00 00"));
    }

    /** Returns bytes that are those of one step and one block. */
    private static byte[] pattern(int seed, int number) {
        byte[] bytes = new byte[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            bytes[i] = (byte) (seed == 0 ? 0 : seed * 31 + number * 7 + i);
        }
        return bytes;
    }

    private static Function<ExpectedBlocks, byte[]> patterns(int seed, int blocks) {
        ByteBuffer data = ByteBuffer.allocate(blocks * BLOCK);
        for (int number = 0; number < blocks; number++) {
            data.put(pattern(seed, number));
        }
        return expected -> data.array().clone();
    }

    private static Function<ExpectedBlocks, byte[]> nothing() {
        return expected -> new byte[0];
    }

    private static String cdb10(String begin, int lba, int blocks) {
        return begin + " " + TestUnit.hex(lba, 4) + " 00 " + TestUnit.hex(blocks, 2) + " 00";
    }

    private static String cdb16(String begin, int lba, int blocks) {
        return begin + " " + TestUnit.hex(lba, 8) + " " + TestUnit.hex(blocks, 4) + " 00 00";
    }

    private static Step write(String name, String begin, int seed, Promise promise, int lba, int blocks) {
        Effect effect = (number, before) -> pattern(seed, number);
        String cdb = cdb10(begin, lba, blocks);
        return new Step(name, cdb, patterns(seed, blocks), promise, lba, blocks, false, effect);
    }

    private static Step read(String name, String begin, Promise promise, int lba, int blocks) {
        return new Step(name, cdb10(begin, lba, blocks), nothing(), promise, lba, blocks, false, NO_EFFECT);
    }

    private static Step flush(String name, String cdb) {
        return new Step(name, cdb, nothing(), Promise.ALL_STABLE, 0, 0, false, NO_EFFECT);
    }

    /** Two ranges, and the blocks between them. */
    private static Step unmap() {
        byte[] list = ByteBuffer.allocate(40)
                .putShort((short) 38)
                .putShort((short) 32)
                .putInt(0)
                .putLong(8)
                .putInt(4)
                .putInt(0)
                .putLong(18)
                .putInt(2)
                .putInt(0)
                .array();
        Effect effect = (number, before) -> number < 4 || number >= 10 ? new byte[BLOCK] : before;
        String cdb = "42 00 00 00 00 00 00 00 28 00";
        return new Step("UNMAP", cdb, expected -> list.clone(), Promise.CACHED, 8, 12, false, effect);
    }

    private static Step same(String name, String begin, int seed, Effect effect, int lba, int blocks) {
        return new Step(name, cdb16(begin, lba, blocks), patterns(seed, 1), Promise.CACHED, lba, blocks, false, effect);
    }

    private static Step orWrite() {
        Effect effect = (number, before) -> {
            byte[] merged = pattern(5, number);
            for (int i = 0; i < BLOCK; i++) {
                merged[i] |= before[i];
            }
            return merged;
        };
        return new Step("ORWRITE(16)", cdb16("8b 00", 16, 2), patterns(5, 2), Promise.CACHED, 16, 2, false, effect);
    }

    private static Step compareAndWrite() {
        Effect effect = (number, before) -> pattern(6, number);
        return new Step(
                "COMPARE AND WRITE",
                "89 00 " + TestUnit.hex(16, 8) + " 00 00 00 01 00 00",
                expected -> ByteBuffer.allocate(2 * BLOCK)
                        .put(expected.block(16))
                        .put(pattern(6, 0))
                        .array(),
                Promise.CACHED,
                16,
                1,
                false,
                effect);
    }

    private static Step atomic() {
        Effect effect = (number, before) -> pattern(10, number);
        String cdb = "9c 00 " + TestUnit.hex(48, 8) + " 00 00 00 08 00 00";
        return new Step("WRITE ATOMIC(16)", cdb, patterns(10, 8), Promise.STABLE, 48, 8, true, effect);
    }

    private static Step compare(String name, int lba, int blocks) {
        Function<ExpectedBlocks, byte[]> data = expected -> {
            ByteBuffer bytes = ByteBuffer.allocate(blocks * BLOCK);
            for (int block = lba; block < lba + blocks; block++) {
                bytes.put(expected.block(block));
            }
            return bytes.array();
        };
        return new Step(name, cdb10("2f 02", lba, blocks), data, Promise.FLUSHED, lba, blocks, false, NO_EFFECT);
    }

    /** EXTENDED COPY inside the unit; the effect looks at what the step before has left of the source. */
    private static Step copy(int from, int to, int blocks) {
        ByteBuffer list = ByteBuffer.allocate(16 + 32 + 28);
        list.put(0, (byte) 7).putShort(2, (short) 32).putInt(8, 28);
        list.put(16, (byte) 0xE4).put(20, (byte) 1).put(21, (byte) 3).put(23, (byte) 16);
        list.put(24, HexFormat.of().parseHex(TestUnit.IDENTITY.naa()));
        list.put(48, (byte) 2).put(51, (byte) 24).putShort(58, (short) blocks);
        list.putLong(60, from).putLong(68, to);
        byte[] parameters = list.array();
        byte[][] source = new byte[blocks][];
        return new Step(
                "EXTENDED COPY",
                "83 00 00 00 00 00 00 00 00 00 " + TestUnit.hex(parameters.length, 4) + " 00 00",
                expected -> {
                    Arrays.setAll(source, number -> expected.block(from + number));
                    return parameters.clone();
                },
                Promise.CACHED,
                to,
                blocks,
                false,
                (number, before) -> source[number]);
    }

    /** What is in a cache that is turned off is written first. */
    private static Step caching(String name, int flags, Promise promise) {
        byte[] list = new byte[24];
        list[4] = 0x08;
        list[5] = 0x12;
        list[6] = (byte) flags;
        return new Step(name, "15 10 00 00 18 00", expected -> list.clone(), promise, 0, 0, false, NO_EFFECT);
    }
}
