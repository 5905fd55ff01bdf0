package com.example.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The last sector of every VHD, "Hard Disk Footer Format" in the specification; a dynamic disk has a copy of it in its first
 * sector. It is kept as it was found, so that a file of somebody else stays his.
 */
final class Footer {

    /** What the 32-bit sector numbers of a dynamic disk reach, less what the structures need. */
    static final long MAXIMUM_BYTES = 2040L << 30;

    private static final String COOKIE = "conectix";
    private static final int RESERVED_FEATURE = 2;
    private static final int FIXED = 2;
    private static final int DYNAMIC = 3;
    private static final int DIFFERENCING = 4;

    /** Readers make the size of an unknown creator's disk a whole number of cylinders; this one's they take as it is. */
    private static final String CREATOR = "win ";

    private static final int CREATOR_VERSION = 0x000A_0000;
    private static final String CREATOR_HOST = "Wi2k";
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private static final int HEADER_OFFSET_AT = 16;
    private static final int SIZE_AT = 48;
    private static final int TYPE_AT = 60;
    private static final int CHECKSUM_AT = 64;

    private final ByteBuffer bytes;

    private Footer(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Makes the footer of a new disk. */
    static Footer of(long sizeBytes, boolean dynamic) {
        ByteBuffer bytes = ByteBuffer.allocate(Fields.SECTOR);
        bytes.put(COOKIE.getBytes(StandardCharsets.ISO_8859_1)).putInt(RESERVED_FEATURE);
        bytes.putInt(Fields.VERSION).putLong(dynamic ? Fields.SECTOR : Fields.NOWHERE);
        bytes.putInt((int) Duration.between(EPOCH, Instant.now()).toSeconds());
        bytes.put(CREATOR.getBytes(StandardCharsets.ISO_8859_1)).putInt(CREATOR_VERSION);
        bytes.put(CREATOR_HOST.getBytes(StandardCharsets.ISO_8859_1));
        bytes.putLong(sizeBytes).putLong(sizeBytes).putInt(Geometry.of(sizeBytes / Fields.SECTOR));
        bytes.putInt(dynamic ? DYNAMIC : FIXED);
        UUID id = UUID.randomUUID();
        bytes.putInt(0).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return new Footer(bytes.putInt(CHECKSUM_AT, Fields.checksum(bytes, CHECKSUM_AT)));
    }

    /**
     * Finds the footer of a file: at its end, or the copy at its start, which only a dynamic disk has and which is what is
     * left where the end was lost.
     */
    static Footer find(FileChannel file) throws IOException {
        Footer last = at(file, file.size() - Fields.SECTOR);
        if (last != null) {
            return last.checked();
        }
        Footer first = at(file, 0);
        if (first == null || !first.isDynamic()) {
            throw new VhdException("is not a VHD, or its footer is damaged");
        }
        return first.checked();
    }

    /** Returns the footer at an offset, or null if there is none, or a damaged one. */
    static Footer at(FileChannel file, long offset) throws IOException {
        if (offset < 0 || offset > file.size() - Fields.SECTOR) {
            return null;
        }
        ByteBuffer bytes = Fields.read(file, offset, ByteBuffer.allocate(Fields.SECTOR));
        return Fields.isIntact(bytes, COOKIE, CHECKSUM_AT) ? new Footer(bytes) : null;
    }

    private Footer checked() throws VhdException {
        int type = bytes.getInt(TYPE_AT);
        if (type == DIFFERENCING) {
            throw new VhdException("is a differencing disk: merge it with its parent first, with qemu-img convert");
        }
        if (type != DYNAMIC && type != FIXED) {
            throw new VhdException("is a VHD of the unknown type " + type);
        }
        if (sizeBytes() <= 0 || sizeBytes() > MAXIMUM_BYTES || sizeBytes() % Fields.SECTOR != 0) {
            throw new VhdException("says that its disk has " + Long.toUnsignedString(sizeBytes()) + " bytes");
        }
        return this;
    }

    boolean isDynamic() {
        return bytes.getInt(TYPE_AT) == DYNAMIC;
    }

    /** Returns the size of the disk. */
    long sizeBytes() {
        return bytes.getLong(SIZE_AT);
    }

    /** Returns where the header of a dynamic disk is; not checked. */
    long headerOffset() {
        return bytes.getLong(HEADER_OFFSET_AT);
    }

    void write(FileChannel file, long offset) throws IOException {
        Fields.write(file, offset, bytes.duplicate().clear());
    }
}
