package io.sluice.manager.document;

import io.sluice.scsi.UnitStateStore.Intent;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The form of blocks that are kept aside: a header of big-endian numbers and the data. The checksum covers everything else,
 * the number of the first block too: whole data at another place would be worse than none.
 */
final class IntentFormat {

    /** More than the longest WRITE ATOMIC has, and little enough to be read into memory. */
    static final int MAX_BYTES = 64 << 20;

    /** "SLUICEIN". */
    private static final long MAGIC = 0x534C_5549_4345_494EL;

    private static final long VERSION = 2;
    private static final int HEADER = 5 * Long.BYTES;

    private IntentFormat() {}

    /** A file has no blocks that were kept aside. */
    static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidException(String message) {
            super(message);
        }
    }

    /** Returns the header and views of the data. */
    static ByteBuffer[] write(long id, long lba, ByteBuffer[] data) {
        ByteBuffer[] parts = new ByteBuffer[data.length + 1];
        CRC32C checksum = checksum(id, lba);
        for (int i = 0; i < data.length; i++) {
            checksum.update(data[i].duplicate());
            parts[i + 1] = data[i].duplicate();
        }
        parts[0] = ByteBuffer.allocate(HEADER)
                .putLong(MAGIC)
                .putLong(VERSION)
                .putLong(id)
                .putLong(lba)
                .putLong(checksum.getValue())
                .flip();
        return parts;
    }

    private static CRC32C checksum(long id, long lba) {
        CRC32C checksum = new CRC32C();
        checksum.update(
                ByteBuffer.allocate(2 * Long.BYTES).putLong(id).putLong(lba).flip());
        return checksum;
    }

    /**
     * Returns what was kept aside.
     *
     * @param id what the name of the file says
     */
    static Intent read(long id, byte[] file) throws InvalidException {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        if (file.length < HEADER || bytes.getLong() != MAGIC) {
            throw new InvalidException("it is damaged");
        }
        long version = bytes.getLong();
        if (version != VERSION) {
            throw new InvalidException("its version is not " + VERSION + " but " + version);
        }
        long writtenId = bytes.getLong();
        long lba = bytes.getLong();
        long expected = bytes.getLong();
        CRC32C checksum = checksum(writtenId, lba);
        checksum.update(bytes.duplicate());
        if (writtenId != id || checksum.getValue() != expected) {
            throw new InvalidException("it is damaged");
        }
        return new Intent(id, lba, bytes.slice());
    }
}
