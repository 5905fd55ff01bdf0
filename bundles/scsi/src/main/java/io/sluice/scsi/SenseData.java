package io.sluice.scsi;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Sense data: a reason with what belongs to it (SPC-5 4.4).
 *
 * @param sense the reason
 * @param information value of the INFORMATION field, or {@link #NONE}
 * @param field where the illegal field is, or null
 * @param progress how far an operation has come, in 65,536ths, or {@link #NO_PROGRESS}
 * @param deferred whether it belongs to an earlier command that has ended already (SPC-5 4.4.5)
 */
public record SenseData(Sense sense, long information, FieldPointer field, int progress, boolean deferred) {

    /** Stands for an INFORMATION field that is not valid. */
    public static final long NONE = -1;

    /** Stands for no progress indication. */
    public static final int NO_PROGRESS = -1;

    /** Longest form that {@link #encode} writes, in bytes. */
    public static final int MAX_LENGTH_BYTES = 32;

    private static final int CURRENT_FIXED = 0x70;
    private static final int CURRENT_DESCRIPTOR = 0x72;
    private static final int DEFERRED = 0x01;
    private static final int VALID = 0x80;
    private static final int SKSV = 0x80;
    private static final int FIXED_LENGTH = 18;

    /**
     * The illegal field (SPC-5 4.4.2.4.2).
     *
     * @param inCdb whether it is in the CDB, else in the parameter list
     * @param byteOffset its first byte
     * @param bit its most significant bit, 0 to 7, or -1 for the whole byte
     */
    public record FieldPointer(boolean inCdb, int byteOffset, int bit) {

        private void encode(ByteBuffer out) {
            int flags = SKSV | (inCdb ? 0x40 : 0) | (bit >= 0 ? 0x08 | bit : 0);
            out.put((byte) flags).putShort((short) byteOffset);
        }
    }

    public SenseData {
        Objects.requireNonNull(sense);
    }

    /** Sense data that is only a reason. */
    public static SenseData of(Sense sense) {
        return new SenseData(sense, NONE, null, NO_PROGRESS, false);
    }

    /** Sense data with an INFORMATION field, such as the offset of a miscompare or the LBA of an error. */
    public static SenseData withInformation(Sense sense, long information) {
        return new SenseData(sense, information, null, NO_PROGRESS, false);
    }

    /** Sense data of an operation that is under way, with how far it is (SPC-5 4.4.2.4.4). */
    public static SenseData withProgress(Sense sense, int progress) {
        return new SenseData(sense, NONE, null, progress, false);
    }

    /** Returns the same for a command that has ended already. */
    public SenseData asDeferred() {
        return new SenseData(sense, information, field, progress, true);
    }

    /** INVALID FIELD IN CDB with a pointer to the field. */
    public static SenseData invalidFieldInCdb(int byteOffset, int bit) {
        return new SenseData(
                Sense.INVALID_FIELD_IN_CDB, NONE, new FieldPointer(true, byteOffset, bit), NO_PROGRESS, false);
    }

    /** INVALID FIELD IN PARAMETER LIST with a pointer to the field. */
    public static SenseData invalidFieldInParameterList(int byteOffset, int bit) {
        return new SenseData(
                Sense.INVALID_FIELD_IN_PARAMETER_LIST,
                NONE,
                new FieldPointer(false, byteOffset, bit),
                NO_PROGRESS,
                false);
    }

    /**
     * Returns the wire form.
     *
     * @param descriptorFormat whether the D_SENSE bit of the Control mode page asks for the descriptor format
     */
    public byte[] encode(boolean descriptorFormat) {
        return descriptorFormat ? encodeDescriptors() : encodeFixed();
    }

    /** Fixed format (SPC-5 4.4.3); an INFORMATION value over 32 bits is left out, as the clause says. */
    private byte[] encodeFixed() {
        ByteBuffer out = ByteBuffer.allocate(FIXED_LENGTH);
        boolean valid = information != NONE && information >>> 32 == 0;
        out.put((byte) (CURRENT_FIXED | (deferred ? DEFERRED : 0) | (valid ? VALID : 0)));
        out.put(2, (byte) sense.key().code());
        out.putInt(3, valid ? (int) information : 0);
        out.put(7, (byte) (FIXED_LENGTH - 8));
        out.put(12, (byte) sense.additionalSenseCode());
        out.put(13, (byte) sense.qualifier());
        if (field != null) {
            field.encode(out.position(15));
        } else if (progress != NO_PROGRESS) {
            out.put(15, (byte) SKSV).putShort(16, (short) progress);
        }
        return out.array();
    }

    /** Descriptor format (SPC-5 4.4.2): information and sense-key-specific descriptors. */
    private byte[] encodeDescriptors() {
        int additional = (information != NONE ? 12 : 0) + (field != null || progress != NO_PROGRESS ? 8 : 0);
        ByteBuffer out = ByteBuffer.allocate(8 + additional);
        out.put((byte) (CURRENT_DESCRIPTOR | (deferred ? DEFERRED : 0)));
        out.put((byte) sense.key().code());
        out.put((byte) sense.additionalSenseCode());
        out.put((byte) sense.qualifier());
        out.put(7, (byte) additional);
        out.position(8);
        if (information != NONE) {
            out.put((byte) 0x00)
                    .put((byte) 0x0A)
                    .put((byte) VALID)
                    .put((byte) 0)
                    .putLong(information);
        }
        if (field != null || progress != NO_PROGRESS) {
            out.put((byte) 0x02).put((byte) 0x06).putShort((short) 0);
            if (field != null) {
                field.encode(out);
            } else {
                out.put((byte) SKSV).putShort((short) progress);
            }
            out.put((byte) 0);
        }
        return out.array();
    }
}
