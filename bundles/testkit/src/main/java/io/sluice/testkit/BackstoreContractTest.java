package io.sluice.testkit;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Capability;
import io.sluice.backstore.Durability;
import io.sluice.backstore.FileRange;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.Test;

/**
 * What {@link Backstore} and {@code BackstoreProvider} promise, tried on a backend. A backend bundle subclasses this, says
 * how its storage is configured and what it does not keep, and adds tests for what is its own.
 */
public abstract class BackstoreContractTest extends BackstoreFixture {

    private void assumeCan(Capability capability) throws Exception {
        assumeTrue(store().capabilities().contains(capability));
    }

    // The provider

    @Test
    public void providerIntroducesItself() {
        assertTrue(provider().type(), provider().type().matches("[a-z][a-z0-9-]{0,31}"));
        assertFalse(provider().description().isBlank());
        assertFalse(provider().description().contains("\n"));
        List<String> names =
                provider().options().stream().map(BackstoreOption::name).toList();
        assertEquals("an option is listed once", Set.copyOf(names).size(), names.size());
        assertTrue(names.containsAll(options().keySet()));
    }

    @Test
    public void createKeepsWhatWasAskedFor() throws Exception {
        BackstoreConfig asked = asked();
        BackstoreConfig created = provider().create(asked);
        assertEquals(asked.sizeBytes(), created.sizeBytes());
        assertEquals(asked.identity(), created.identity());
        assertEquals(asked.options().keySet(), created.options().keySet());
        provider().undoCreate(created);
    }

    @Test
    public void createNeedsRequiredOptions() {
        Set<String> before = traces();
        for (BackstoreOption option : provider().options()) {
            if (option.required()) {
                Map<String, String> incomplete = new HashMap<>(options());
                incomplete.remove(option.name());
                ConfigException refused = assertThrows(
                        ConfigException.class, () -> provider().create(asked(blocks() * blockSize, incomplete)));
                assertFalse(refused.getMessage().contains("\n"));
            }
        }
        assertEquals("nothing is left behind", before, traces());
    }

    @Test
    public void createOfNewStorageNeedsSize() {
        Set<String> before = traces();
        ConfigException refused =
                assertThrows(ConfigException.class, () -> provider().create(asked(0, options())));
        assertTrue(refused.getMessage(), refused.getMessage().contains("--size"));
        assertEquals("nothing is left behind", before, traces());
    }

    @Test
    public void undoCreateLeavesNothing() throws Exception {
        Set<String> before = traces();
        BackstoreConfig asked = asked();
        provider().undoCreate(provider().create(asked));
        assertEquals(before, traces());
        provider().undoCreate(provider().create(asked));
        assertEquals(before, traces());
    }

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

    /** A store need not lend, but what it lends has to be what a read would bring. */
    @Test
    public void whatIsLentIsWhatIsRead() throws Exception {
        byte[] written = data(3, 64);
        write(64, written);
        try (FileRange range = store().lend(64, written.length)) {
            if (range == null) {
                return;
            }
            ByteBuffer lent = ByteBuffer.allocate(range.lengthBytes());
            range.channel().read(lent, range.offsetBytes());
            assertArrayEquals(written, lent.array());
        }
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

    // Capabilities

    @Test
    public void capabilitiesAreConstant() throws Exception {
        Set<Capability> capabilities = Set.copyOf(store().capabilities());
        write(0, data(16, 1));
        assertEquals(capabilities, store().capabilities());
    }

    /** Ranges that begin and end inside whatever unit of allocation a store has. */
    private void assertClears(RangeOperation clear) throws Exception {
        byte[] image = data(17, blocks());
        for (long[] range : new long[][] {{0, 1}, {7, 1}, {blocks() - 1, 1}, {3, 4099}, {2047, 2050}, {0, blocks()}}) {
            write(0, image);
            await(clear.apply(range[0], range[1]));
            byte[] expected = image.clone();
            Arrays.fill(expected, (int) (range[0] * blockSize), (int) ((range[0] + range[1]) * blockSize), (byte) 0);
            assertHolds(expected, 0);
        }
    }

    @FunctionalInterface
    private interface RangeOperation {
        CompletionStage<Void> apply(long lba, long blocks) throws Exception;
    }

    @Test
    public void unmappedBlocksReadZeros() throws Exception {
        assumeCan(Capability.UNMAP);
        assertClears((lba, count) -> store().unmap(lba, count));
    }

    @Test
    public void unmappedBlocksTakeNewData() throws Exception {
        assumeCan(Capability.UNMAP);
        byte[] written = data(18, 16);
        write(64, data(19, 16));
        await(store().unmap(64, 16));
        await(store().unmap(64, 16));
        write(64, written);
        assertHolds(written, 64);
    }

    @Test
    public void zeroedBlocksReadZeros() throws Exception {
        assumeCan(Capability.WRITE_ZEROES);
        assertClears((lba, count) -> store().writeZeroes(lba, count, Durability.CACHED));
    }

    @Test
    public void stableZeroWrite() throws Exception {
        assumeCan(Capability.WRITE_ZEROES);
        write(70, data(20, 4));
        await(store().writeZeroes(70, 4, Durability.STABLE));
        assertZeros(70, 4);
    }

    @Test
    public void growthReadsZeros() throws Exception {
        assumeCan(Capability.RESIZE);
        byte[] written = data(21, 1);
        write(blocks() - 1, written);
        long larger = 2 * blocks() + 1;
        store().resize(larger);
        assertEquals(new BlockGeometry(larger, blockSize, 4096), store().geometry());
        assertHolds(written, blocks() - 1);
        assertZeros(blocks(), blocks() + 1);
        write(larger - 1, written);
        assertHolds(written, larger - 1);
    }

    @Test
    public void allocationFollowsWritesAndUnmaps() throws Exception {
        assumeCan(Capability.ALLOCATION);
        long empty = store().allocatedBytes();
        write(0, data(22, blocks()));
        await(store().flush());
        long full = store().allocatedBytes();
        assertTrue(empty + " < " + full, full >= empty + (16L << 20));
        assumeCan(Capability.UNMAP);
        await(store().unmap(0, blocks()));
        await(store().flush());
        assertTrue(store().allocatedBytes() + " after " + full, store().allocatedBytes() <= empty + (1L << 20));
    }

    @Test
    public void extentsTellWhatWasWritten() throws Exception {
        assumeCan(Capability.ALLOCATION_MAP);
        assumeCan(Capability.UNMAP);
        await(store().unmap(0, blocks()));
        long mebibyte = (1 << 20) / blockSize;
        write(mebibyte, data(24, (int) mebibyte));
        await(store().flush());
        assertEquals(new BlockExtent(mebibyte, false), store().extent(0, blocks()));
        BlockExtent written = store().extent(mebibyte, blocks() - mebibyte);
        assertTrue(written.toString(), written.allocated() && written.blocks() >= mebibyte);
        assertEquals("inside of it", new BlockExtent(3, true), store().extent(mebibyte + 5, 3));
        long at = 0;
        while (at < blocks()) {
            BlockExtent extent = store().extent(at, blocks() - at);
            assertTrue(extent + " at " + at, extent.blocks() <= blocks() - at);
            if (!extent.allocated()) {
                assertZeros(at, (int) Math.min(extent.blocks(), 64));
            }
            at += extent.blocks();
        }
        assertEquals(blocks(), at);
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

    // Ends

    @Test
    public void failuresAreBackstoreExceptions() throws Exception {
        assumeCan(Capability.RESIZE);
        assertThrows(BackstoreException.class, () -> store().resize(blocks() - 1));
        assertEquals(blocks(), store().geometry().blocks());
    }

    @Test
    public void severalStoresOfOneProvider() throws Exception {
        byte[] written = data(24, 2);
        write(0, written);
        BackstoreConfig other = provider().create(asked());
        try (Backstore second = provider().open(other)) {
            await(second.write(0, new ByteBuffer[] {direct(data(25, 2))}, Durability.CACHED));
        }
        assertHolds(written, 0);
    }
}
