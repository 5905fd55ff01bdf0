package io.sluice.testkit;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.Test;

/** What {@code Backstore} promises about reading, writing and flushing. */
public abstract class DataContract extends BackstoreFixture {

    // Geometry and plain I/O

    @Test
    public void geometryIsAsConfigured() throws Exception {
        assertEquals(new BlockGeometry(blocks(), blockSize, 4096), store().geometry());
    }

    @Test
    public void newStorageReadsZeros() throws Exception {
        assertZeros(0, 8);
        assertZeros(blocks() - 8, 8);
    }

    @Test
    public void firstBlock() throws Exception {
        byte[] written = data(1, 1);
        write(0, written);
        assertHolds(written, 0);
        assertZeros(1, 1);
    }

    @Test
    public void lastBlock() throws Exception {
        byte[] written = data(2, 1);
        write(blocks() - 1, written);
        assertHolds(written, blocks() - 1);
        assertZeros(blocks() - 2, 1);
    }

    @Test
    public void overwriteInTheMiddle() throws Exception {
        byte[] old = data(3, 9);
        byte[] changed = data(4, 3);
        write(100, old);
        write(103, changed);
        assertHolds(slice(old, 0, 3), 100);
        assertHolds(changed, 103);
        assertHolds(slice(old, 6, 3), 106);
    }

    @Test
    public void largeTransfer() throws Exception {
        byte[] written = data(5, (8L << 20) / blockSize + 1);
        write(3, written);
        assertHolds(written, 3);
        assertZeros(0, 3);
    }

    @Test
    public void wholeStore() throws Exception {
        byte[] written = data(6, blocks());
        write(0, written);
        assertHolds(written, 0);
    }

    // Buffers

    @Test
    public void blocksStraddleBuffers() throws Exception {
        byte[] written = data(7, 5);
        int[] cuts = {0, 1, blockSize - 1, blockSize + 7, 3 * blockSize, 3 * blockSize, written.length};
        ByteBuffer[] parts = new ByteBuffer[cuts.length - 1];
        for (int i = 0; i < parts.length; i++) {
            byte[] part = Arrays.copyOfRange(written, cuts[i], cuts[i + 1]);
            parts[i] = i % 2 == 0 ? direct(part) : ByteBuffer.wrap(part);
        }
        await(store().write(11, parts, Durability.CACHED));
        assertHolds(written, 11);
        assertZeros(16, 1);
    }

    @Test
    public void onlyRemainingBytesOfSourceAreTaken() throws Exception {
        byte[] written = data(8, 2);
        for (ByteBuffer wide : List.of(ByteBuffer.allocateDirect(8 * blockSize), ByteBuffer.allocate(8 * blockSize))) {
            wide.position(77);
            ByteBuffer slice = wide.slice();
            slice.position(5).put(written).flip().position(5);
            await(store().write(20, new ByteBuffer[] {slice.asReadOnlyBuffer()}, Durability.CACHED));
            assertHolds(written, 20);
            write(20, new byte[2 * blockSize]);
        }
    }

    @Test
    public void onlyRemainingBytesOfDestinationAreFilled() throws Exception {
        byte[] written = data(9, 2);
        write(30, written);
        for (ByteBuffer wide : List.of(ByteBuffer.allocateDirect(8 * blockSize), ByteBuffer.allocate(8 * blockSize))) {
            byte[] around = new byte[wide.capacity()];
            Arrays.fill(around, (byte) 0x5A);
            wide.put(around).position(33).limit(33 + written.length);
            await(store().read(30, wide));
            System.arraycopy(kept(written), 0, around, 33, written.length);
            byte[] seen = new byte[wide.capacity()];
            wide.clear().get(seen);
            assertArrayEquals(around, seen);
        }
    }

    @Test
    public void buffersAreTheCallersAfterCompletion() throws Exception {
        byte[] written = data(10, 4);
        ByteBuffer source = direct(written);
        await(store().write(40, new ByteBuffer[] {source}, Durability.CACHED));
        source.clear().put(new byte[written.length]);
        assertHolds(written, 40);
        ByteBuffer destination = ByteBuffer.allocateDirect(written.length);
        await(store().read(40, destination));
        byte[] scribble = data(11, 4);
        destination.clear().put(scribble);
        write(40, data(12, 4));
        await(store().flush());
        byte[] seen = new byte[scribble.length];
        destination.clear().get(seen);
        assertArrayEquals(scribble, seen);
    }

    // Durability

    @Test
    public void stableWrite() throws Exception {
        byte[] written = data(13, 3);
        await(store().write(50, new ByteBuffer[] {direct(written)}, Durability.STABLE));
        assertHolds(written, 50);
    }

    @Test
    public void flush() throws Exception {
        byte[] written = data(14, 3);
        write(60, written);
        await(store().flush());
        await(store().flush());
        assertHolds(written, 60);
    }

    @Test
    public void dataOutlivesClose() throws Exception {
        assumeTrue(durable());
        byte[] written = data(15, 3);
        write(blocks() - 3, written);
        reopen();
        assertHolds(written, blocks() - 3);
        assertEquals(blocks(), store().geometry().blocks());
    }

    // Concurrency

    @Test
    public void operationsInFlightKeepToTheirBlocks() throws Exception {
        List<CompletionStage<Void>> writes = new ArrayList<>();
        byte[] image = data(23, 512);
        for (int i = 0; i < 512; i++) {
            writes.add(store().write(i, new ByteBuffer[] {direct(slice(image, i, 1))}, Durability.CACHED));
        }
        for (CompletionStage<Void> write : writes) {
            await(write);
        }
        assertHolds(image, 0);
    }

    @Test
    public void concurrentOperationsAgreeWithModel() throws Exception {
        List<ConcurrentClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(new ConcurrentClient(this, i, 4));
        }
        for (ConcurrentClient client : clients) {
            client.start();
        }
        for (ConcurrentClient client : clients) {
            client.join();
            assertEquals(Collections.emptyList(), client.failures());
        }
    }
}
