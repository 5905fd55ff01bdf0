package io.sluice.scsi.internal.sbc;

import java.nio.ByteBuffer;

/** Blocks in memory. */
final class Blocks {

    private Blocks() {}

    /** Returns data as one buffer: a view of it if it is in one, else a copy. The data is left as it is. */
    static ByteBuffer gather(ByteBuffer[] data, int length) {
        if (data.length == 1) {
            return data[0].slice();
        }
        ByteBuffer gathered = ByteBuffer.allocateDirect(length);
        for (ByteBuffer part : data) {
            gathered.put(part.duplicate());
        }
        return gathered.flip();
    }
}
