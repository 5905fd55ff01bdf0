package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The CRC32C digest as it stands on the wire: its bytes go out lowest first (RFC 7143 13.1, RFC 3720 B.4). */
final class Digest {

    static final int LENGTH = 4;

    private final CRC32C crc = new CRC32C();

    Digest reset() {
        crc.reset();
        return this;
    }

    Digest update(byte[] bytes) {
        crc.update(bytes);
        return this;
    }

    Digest update(ByteBuf bytes) {
        for (ByteBuffer part : bytes.nioBuffers()) {
            crc.update(part);
        }
        return this;
    }

    Digest updateZeros(int count) {
        for (int i = 0; i < count; i++) {
            crc.update(0);
        }
        return this;
    }

    /** Returns the value to be written or compared as a little-endian integer. */
    int value() {
        return (int) crc.getValue();
    }
}
