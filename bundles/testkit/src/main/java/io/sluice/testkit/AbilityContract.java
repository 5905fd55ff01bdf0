package io.sluice.testkit;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.FileRange;
import io.sluice.backstore.SuppliedData;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.FreeSpace;
import io.sluice.backstore.ability.LentRead;
import io.sluice.backstore.ability.RecordNotices;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.SharedRecords;
import io.sluice.backstore.ability.SuppliedRead;
import io.sluice.backstore.ability.Takeover;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.Test;

/** What the interfaces of {@code io.sluice.backstore.ability} promise; what a store does not offer is left out. */
public abstract class AbilityContract extends DataContract {

    private static final List<Class<?>> KINDS = List.of(
            Unmap.class,
            WriteZeroes.class,
            Resize.class,
            AllocatedSpace.class,
            FreeSpace.class,
            ExtentMap.class,
            LentRead.class,
            SuppliedRead.class,
            SharedRecords.class,
            RecordNotices.class,
            Takeover.class);

    /** Something that no store has heard of. */
    private interface Unknown {}

    private List<Boolean> offered() throws Exception {
        Boolean[] offered = new Boolean[KINDS.size()];
        for (int i = 0; i < offered.length; i++) {
            offered[i] = store().ability(KINDS.get(i)) != null;
        }
        return List.of(offered);
    }

    @Test
    public void abilitiesAreConstant() throws Exception {
        List<Boolean> before = offered();
        write(0, data(16, 1));
        await(store().flush());
        Unmap unmap = store().ability(Unmap.class);
        if (unmap != null) {
            await(unmap.unmap(0, 1));
        }
        assertEquals(KINDS.toString(), before, offered());
    }

    @Test
    public void unknownAbilityIsNotOffered() throws Exception {
        assertNull(store().ability(Unknown.class));
    }

    @FunctionalInterface
    private interface RangeOperation {
        CompletionStage<Void> apply(long lba, long blocks) throws Exception;
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

    @Test
    public void unmappedBlocksReadZeros() throws Exception {
        assertClears(able(Unmap.class)::unmap);
    }

    @Test
    public void unmappedBlocksTakeNewData() throws Exception {
        Unmap unmap = able(Unmap.class);
        byte[] written = data(18, 16);
        write(64, data(19, 16));
        await(unmap.unmap(64, 16));
        await(unmap.unmap(64, 16));
        write(64, written);
        assertHolds(written, 64);
    }

    @Test
    public void zeroedBlocksReadZeros() throws Exception {
        WriteZeroes zeroes = able(WriteZeroes.class);
        assertClears((lba, count) -> zeroes.writeZeroes(lba, count, Durability.CACHED));
    }

    @Test
    public void stableZeroWrite() throws Exception {
        WriteZeroes zeroes = able(WriteZeroes.class);
        write(70, data(20, 4));
        await(zeroes.writeZeroes(70, 4, Durability.STABLE));
        assertZeros(70, 4);
    }

    @Test
    public void growthReadsZeros() throws Exception {
        Resize resize = able(Resize.class);
        byte[] written = data(21, 1);
        write(blocks() - 1, written);
        long larger = 2 * blocks() + 1;
        await(resize.resize(larger));
        assertEquals(new BlockGeometry(larger, blockSize, 4096), store().geometry());
        assertHolds(written, blocks() - 1);
        assertZeros(blocks(), blocks() + 1);
        write(larger - 1, written);
        assertHolds(written, larger - 1);
    }

    /** No store here can be made smaller; one that can overrides this. */
    @Test
    public void refusedResizeChangesNothing() throws Exception {
        Resize resize = able(Resize.class);
        assertThrows(BackstoreException.class, () -> await(resize.resize(blocks() - 1)));
        assertEquals(blocks(), store().geometry().blocks());
    }

    @Test
    public void freeSpaceIsNotNegative() throws Exception {
        long free = await(able(FreeSpace.class).freeBytes());
        assertTrue(free + " bytes", free >= 0);
    }

    @Test
    public void allocationFollowsWritesAndUnmaps() throws Exception {
        AllocatedSpace space = able(AllocatedSpace.class);
        long empty = await(space.allocatedBytes());
        write(0, data(22, blocks()));
        await(store().flush());
        long full = await(space.allocatedBytes());
        assertTrue(empty + " < " + full, full >= empty + (16L << 20));
        await(able(Unmap.class).unmap(0, blocks()));
        await(store().flush());
        long left = await(space.allocatedBytes());
        assertTrue(left + " after " + full, left <= empty + (1L << 20));
    }

    @Test
    public void extentsTellWhatWasWritten() throws Exception {
        ExtentMap map = able(ExtentMap.class);
        await(able(Unmap.class).unmap(0, blocks()));
        long mebibyte = (1 << 20) / blockSize;
        write(mebibyte, data(24, (int) mebibyte));
        await(store().flush());
        List<BlockExtent> found = await(map.extents(0, blocks(), 1000));
        assertEquals(new BlockExtent(mebibyte, false), found.get(0));
        assertTrue(found.toString(), found.get(1).allocated() && found.get(1).blocks() >= mebibyte);
        assertEquals("no more than wanted", found.subList(0, 2), await(map.extents(0, blocks(), 2)));
        BlockExtent inside = await(map.extents(mebibyte + 5, 3, 1)).get(0);
        assertTrue(inside.toString(), inside.allocated() && inside.blocks() >= 3);
        long at = 0;
        for (int i = 0; i < found.size() && at < blocks(); i++) {
            BlockExtent extent = found.get(i);
            assertTrue(
                    "kinds alternate",
                    i == 0 || extent.allocated() != found.get(i - 1).allocated());
            if (!extent.allocated()) {
                assertZeros(at, Math.min(Math.min(extent.blocks(), 64), blocks() - at));
            }
            at += extent.blocks();
        }
        assertTrue(found + " cover all", at >= blocks());
    }

    /** What is lent now and then has to be what a read would bring. */
    @Test
    public void whatIsLentIsWhatIsRead() throws Exception {
        LentRead lending = able(LentRead.class);
        byte[] written = data(3, 64);
        write(64, written);
        try (FileRange range = lending.lend(64, written.length)) {
            if (range == null) {
                return;
            }
            ByteBuffer lent = ByteBuffer.allocate(range.lengthBytes());
            range.channel().read(lent, range.offsetBytes());
            assertArrayEquals(written, lent.array());
        }
    }

    @Test
    public void whatIsSuppliedIsWhatIsRead() throws Exception {
        SuppliedRead supplying = able(SuppliedRead.class);
        byte[] written = data(26, 64);
        write(64, written);
        try (SuppliedData supplied = await(supplying.read(64, written.length))) {
            write(64, data(27, 64));
            assertEquals(written.length, supplied.lengthBytes());
            ByteBuffer seen = ByteBuffer.allocate(written.length);
            for (ByteBuffer part : supplied.buffers()) {
                seen.put(part);
            }
            assertArrayEquals("until it is given back it stays as it was", kept(written), seen.array());
        }
    }

    @Test
    public void recordsAreKeptAndReplacedAsAWhole() throws Exception {
        SharedRecords records = able(SharedRecords.class);
        assertEquals(0, await(records.record("state")).length);
        await(records.putRecord("state", new byte[] {1, 0, 2}));
        await(records.putRecord("gateway.a-1", new byte[] {3}));
        await(records.putRecord("state", new byte[] {4, 5}));
        reopen();
        SharedRecords again = able(SharedRecords.class);
        assertArrayEquals(new byte[] {4, 5}, await(again.record("state")));
        assertEquals(Set.of("gateway.a-1", "state"), Set.copyOf(await(again.recordNames())));
        await(again.putRecord("state", new byte[0]));
        await(again.putRecord("never", new byte[0]));
        assertEquals(List.of("gateway.a-1"), await(again.recordNames()));
        assertEquals(0, await(again.record("state")).length);
    }

    @Test
    public void aRecordHasALimit() throws Exception {
        SharedRecords records = able(SharedRecords.class);
        byte[] largest = data(30, SharedRecords.MOST_BYTES / blockSize);
        await(records.putRecord("large", largest));
        assertThrows(
                BackstoreException.class,
                () -> await(records.putRecord("large", new byte[SharedRecords.MOST_BYTES + 1])));
        assertArrayEquals(largest, await(records.record("large")));
    }

    @Test
    public void nothingIsDoneWithoutTheRightToTheBlocks() throws Exception {
        able(Takeover.class);
        byte[] written = data(31, 1);
        write(3, written);
        reopenWithoutTaking();
        assertFalse(able(Takeover.class).active());
        assertThrows(BackstoreException.class, () -> write(3, data(32, 1)));
        assertThrows(BackstoreException.class, () -> read(3, 1));
        await(able(SharedRecords.class).putRecord("a", new byte[] {1}));
        await(able(Takeover.class).take(false));
        assertTrue(able(Takeover.class).active());
        assertHolds(written, 3);
    }
}
