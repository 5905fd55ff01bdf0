package io.sluice.layer.crypt;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sees to it that there is nothing in a store when it is encrypted first: what was there would be noise, and could be read below. */
final class EmptyStore {

    private static final int ANSWER_SECONDS = 15;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final long STEP_BYTES = 1L << 30;
    /** What is looked at where the store cannot tell what was written. */
    private static final long MOST_READ_BYTES = 64L << 20;

    private static final int EXTENTS = 1024;

    private final Backstore store;
    private final int blockSize;
    private final long blocks;
    private long readBytes;

    EmptyStore(Backstore store) {
        this.store = store;
        this.blockSize = store.geometry().blockSize();
        this.blocks = store.geometry().blocks();
    }

    /** Fails if anything but zeros is in the store. */
    void require() throws BackstoreException {
        ExtentMap map = store.ability(ExtentMap.class);
        long lba = 0;
        while (lba < blocks) {
            if (map == null) {
                requireZeros(lba, blocks - lba);
                return;
            }
            List<BlockExtent> extents = await(map.extents(lba, blocks - lba, EXTENTS));
            for (BlockExtent extent : extents) {
                long count = Math.min(extent.blocks(), blocks - lba);
                if (extent.allocated()) {
                    requireZeros(lba, count);
                }
                lba += count;
            }
        }
    }

    private void requireZeros(long from, long count) throws BackstoreException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        for (long lba = from; lba < from + count; ) {
            int wanted = (int) Math.min(CHUNK_BYTES / blockSize, from + count - lba);
            readBytes += (long) wanted * blockSize;
            if (readBytes > MOST_READ_BYTES) {
                throw Keys.refused("it cannot be told soon whether there is data on the disk: --format gives it up");
            }
            chunk.clear().limit(wanted * blockSize);
            await(store.read(lba, chunk.slice()));
            while (chunk.hasRemaining()) {
                if (chunk.get() != 0) {
                    throw Keys.refused("there is data on the disk, which nobody could read any more: copy it to an"
                            + " encrypted one, or give it up with --format");
                }
            }
            lba += wanted;
        }
    }

    /** Gives up what is in the store. */
    void discard() throws BackstoreException {
        Unmap unmap = store.ability(Unmap.class);
        WriteZeroes zeroes = store.ability(WriteZeroes.class);
        if (unmap == null && zeroes == null) {
            require();
            return;
        }
        long step = STEP_BYTES / blockSize;
        for (long lba = 0; lba < blocks; lba += step) {
            long count = Math.min(step, blocks - lba);
            await(unmap != null ? unmap.unmap(lba, count) : zeroes.writeZeroes(lba, count, Durability.CACHED));
        }
        await(store.flush());
    }

    private static <T> T await(CompletionStage<T> stage) throws BackstoreException {
        try {
            return stage.toCompletableFuture().get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof BackstoreException known
                    ? known
                    : Keys.refused("the storage below layer crypt has a bug: " + failed.getCause());
        } catch (TimeoutException slow) {
            throw Keys.refused("the storage below layer crypt has not answered for " + ANSWER_SECONDS + " s");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Keys.refused("nobody waits for the storage below layer crypt any more");
        }
    }
}
