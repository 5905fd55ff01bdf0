package io.sluice.layer.crypt;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import org.junit.Test;

public class ScratchBuffersTest {

    private final ScratchBuffers buffers = new ScratchBuffers();

    private static long memory(ByteBuffer[] taken) {
        long bytes = 0;
        for (ByteBuffer buffer : taken) {
            bytes += buffer.capacity();
        }
        return bytes;
    }

    private static int length(ByteBuffer[] taken) {
        int bytes = 0;
        for (ByteBuffer buffer : taken) {
            bytes += buffer.remaining();
        }
        return bytes;
    }

    /** A store that does not answer has all of them. */
    @Test
    public void manySmallWritesTakeLittleMemory() {
        long bytes = 0;
        for (int i = 0; i < 1000; i++) {
            bytes += memory(buffers.take(4096));
        }
        assertTrue(bytes + " bytes for 1,000 writes of 4 KiB", bytes < 8 << 20);
    }

    @Test
    public void everyLengthFits() {
        for (int length :
                new int[] {512, 4096, 4608, 16 << 10, (16 << 10) + 512, Xts.CHUNK, Xts.CHUNK + 512, 1 << 20}) {
            ByteBuffer[] taken = buffers.take(length);
            assertEquals(length, length(taken));
            assertTrue(length + " takes " + memory(taken), memory(taken) <= Math.max(4096, 4L * length));
            for (int i = 0; i < taken.length - 1; i++) {
                assertEquals("all but the last are chunks", Xts.CHUNK, taken[i].remaining());
            }
            buffers.giveBack(taken);
        }
    }

    @Test
    public void whatComesBackIsTakenAgain() {
        ByteBuffer[] small = buffers.take(512);
        ByteBuffer[] whole = buffers.take(Xts.CHUNK);
        buffers.giveBack(small);
        buffers.giveBack(whole);
        assertSame(whole[0], buffers.take(20 << 10)[0]);
        assertSame(small[0], buffers.take(4096)[0]);
    }
}
