package io.sluice.testkit.durability;

import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.Test;

public class StampTest {

    private static final Stamp STAMP = new Stamp(3, 0x1_0000_0005L, 42, 7);

    private static ByteBuffer block(Stamp stamp, int bytes) {
        ByteBuffer block = ByteBuffer.allocate(bytes);
        stamp.fill(block);
        return block.flip();
    }

    @Test
    public void whatIsWrittenIsRead() {
        for (int bytes : new int[] {512, 4096}) {
            assertEquals(Optional.of(STAMP), Stamp.read(block(STAMP, bytes)));
        }
    }

    @Test
    public void zerosAreZeros() {
        assertEquals(Optional.of(Stamp.ZERO), Stamp.read(ByteBuffer.allocate(512)));
    }

    @Test
    public void aBlockThatIsZeroUpToItsEndIsNone() {
        ByteBuffer block = ByteBuffer.allocate(512).put(511, (byte) 1);
        assertEquals(Optional.empty(), Stamp.read(block));
    }

    @Test
    public void everyChangedByteIsSeen() {
        for (int at = 0; at < 512; at++) {
            ByteBuffer block = block(STAMP, 512);
            block.put(at, (byte) (block.get(at) ^ 0x10));
            assertEquals("byte " + at, Optional.empty(), Stamp.read(block));
        }
    }

    /** A disk that has sectors of 512 bytes may write some of those of a block. */
    @Test
    public void partsOfTwoWritesMakeNoBlock() {
        ByteBuffer newer = block(new Stamp(3, STAMP.lba(), 43, 7), 4096);
        for (int cut = 512; cut < 4096; cut += 512) {
            ByteBuffer block = block(STAMP, 4096);
            block.put(0, newer, 0, cut);
            assertEquals("up to " + cut, Optional.empty(), Stamp.read(block));
        }
    }

    @Test
    public void aBlockIsReadFromTheMiddleOfABuffer() {
        ByteBuffer blocks = ByteBuffer.allocate(1536);
        STAMP.fill(blocks.slice(512, 512));
        assertEquals(Optional.of(STAMP), Stamp.read(blocks.position(512).limit(1024)));
    }
}
