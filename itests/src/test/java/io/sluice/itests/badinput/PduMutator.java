package io.sluice.itests.badinput;

import io.sluice.testkit.initiator.RawPdu;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Damages PDUs as random numbers say: the same numbers, the same damage. */
final class PduMutator {

    /** Opcode and flags, LUN, task tag, transfer tag or length, CmdSN, StatSN, and what each kind has behind them. */
    private static final int[] FIELDS = {0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44};

    private static final int[] VALUES = {
        0, 1, 4, 0x1FF, 0xFFFF, 0x1_0000, 0x00FF_FFFF, Integer.MAX_VALUE, Integer.MIN_VALUE, -1
    };

    private static final int LENGTH = 4;
    private static final int MOST_BITS = 8;

    private final Random random;

    PduMutator(Random random) {
        this.random = random;
    }

    /** Returns the bytes of a PDU with something wrong, or, one time in three, as they are: so that others get further. */
    byte[] mutate(RawPdu pdu) {
        byte[] bytes = pdu.toBytes();
        switch (random.nextInt(12)) {
            case 0:
                return flipBits(bytes);
            case 1:
                return put(bytes, LENGTH, length(bytes));
            case 2:
                bytes[0] = (byte) random.nextInt();
                return bytes;
            case 3:
                bytes[1] = (byte) random.nextInt();
                return bytes;
            case 4, 5:
                return field(bytes);
            case 6:
                return Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 7:
                return joined(bytes, bytes);
            default:
                return bytes;
        }
    }

    private byte[] flipBits(byte[] bytes) {
        for (int i = random.nextInt(MOST_BITS); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    /** TotalAHSLength keeps what it says, or says anything. */
    private int length(byte[] bytes) {
        int additional = random.nextInt(4) == 0 ? random.nextInt(256) : bytes[LENGTH] & 0xFF;
        return additional << 24 | value(bytes.length - RawPdu.HEADER_BYTES) & 0x00FF_FFFF;
    }

    private byte[] field(byte[] bytes) {
        int offset = FIELDS[random.nextInt(FIELDS.length)];
        return put(bytes, offset, value(ByteBuffer.wrap(bytes).getInt(offset)));
    }

    /** Next to what is right, at an edge, or anywhere. */
    private int value(int right) {
        return switch (random.nextInt(3)) {
            case 0 -> right + random.nextInt(9) - 4;
            case 1 -> VALUES[random.nextInt(VALUES.length)];
            default -> random.nextInt();
        };
    }

    private static byte[] put(byte[] bytes, int offset, int value) {
        ByteBuffer.wrap(bytes).putInt(offset, value);
        return bytes;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }
}
