package io.sluice.volume.move;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.Unmap;
import io.sluice.volume.Volume;
import io.sluice.volume.VolumeRuntime;
import io.sluice.volume.VolumeSettings;
import io.sluice.volume.job.Job;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Blocks that are copied to another store, also while they are written. */
public class CopierTest {

    private static final int BLOCK = 512;
    private static final int SIZE = (16 << 20) + 3 * BLOCK;
    private static final Duration LONG = Duration.ofSeconds(20);

    private final VolumeRuntime runtime = new VolumeRuntime();
    private final BlockGeometry geometry = new BlockGeometry(SIZE / BLOCK, BLOCK);
    private final Volume volume = new Volume("disk", geometry, VolumeSettings.DEFAULTS, runtime);
    private final Bytes source = new Bytes();
    private final Bytes target = new Bytes();
    private final DirtyMap map = new DirtyMap(geometry);

    /** A store in memory that counts its writes. */
    private static final class Bytes implements Backstore, Unmap {
        private final byte[] bytes = new byte[SIZE];
        private final AtomicInteger writes = new AtomicInteger();
        private final AtomicInteger unmaps = new AtomicInteger();
        private volatile CompletionStage<Void> answer = Backstore.done();

        /** What reads and flushes give: a store with a bug has nothing to give. */
        private volatile CompletionStage<Void> given = Backstore.done();

        @Override
        public BlockGeometry geometry() {
            return new BlockGeometry(SIZE / BLOCK, BLOCK);
        }

        @Override
        public synchronized CompletionStage<Void> read(long lba, ByteBuffer destination) {
            destination.put(bytes, (int) lba * BLOCK, destination.remaining());
            return given;
        }

        @Override
        public synchronized CompletionStage<Void> write(long lba, ByteBuffer[] data, Durability durability) {
            writes.incrementAndGet();
            int at = (int) lba * BLOCK;
            for (ByteBuffer part : data) {
                int length = part.remaining();
                part.get(bytes, at, length);
                at += length;
            }
            return answer;
        }

        @Override
        public synchronized CompletionStage<Void> unmap(long lba, long blocks) {
            unmaps.incrementAndGet();
            Arrays.fill(bytes, (int) lba * BLOCK, (int) (lba + blocks) * BLOCK, (byte) 0);
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> flush() {
            return given;
        }

        @Override
        public CompletionStage<Void> close() {
            return Backstore.done();
        }
    }

    @Before
    public void attach() {
        volume.attach(source).toCompletableFuture().join();
        volume.wrap(store -> new Tap(store, map), LONG).toCompletableFuture().join();
        map.markAll();
    }

    @After
    public void close() {
        runtime.close();
    }

    private void write(long lba, byte[] data) {
        volume.write(lba, new ByteBuffer[] {ByteBuffer.wrap(data)}, Durability.CACHED)
                .toCompletableFuture()
                .join();
    }

    private Copier copied() {
        Copier copier = new Copier(volume, target, map);
        new Job(runtime, copier, 0).start().result().toCompletableFuture().join();
        return copier;
    }

    private void switchOver(Copier copier) throws BackstoreException {
        volume.exchange(target, LONG, copier::finish)
                .done()
                .toCompletableFuture()
                .join();
    }

    private static void hasABug(CompletionStage<Void> failed) {
        CompletionException thrown = assertThrows(
                CompletionException.class, () -> failed.toCompletableFuture().join());
        assertTrue(thrown.toString(), thrown.toString().contains("it gave no stage"));
    }

    @Test
    public void aStoreThatGivesNoStageFailsTheCopyAndNothingIsTakenForCopied() throws Exception {
        Copier copier = copied();
        target.given = null;
        hasABug(copier.flush());
        target.given = Backstore.done();
        write(0, new byte[BLOCK]);
        source.given = null;
        hasABug(new Copier(volume, target, map).finish(source));
        assertEquals("it is still to be copied", map.bytes(0), map.markedBytes());
    }

    @Test
    public void everythingIsCopiedAndOnlyWhatDiffersIsWritten() throws Exception {
        new Random(1).nextBytes(source.bytes);
        Arrays.fill(source.bytes, 1 << 20, 2 << 20, (byte) 0);
        System.arraycopy(source.bytes, 4 << 20, target.bytes, 4 << 20, 1 << 20);
        Arrays.fill(target.bytes, 1 << 20, (1 << 20) + 5, (byte) 1);
        Copier copier = copied();
        assertArrayEquals(source.bytes, target.bytes);
        assertEquals("zeros are given back, and only where there are others", 1, target.unmaps.get());
        assertEquals("16 MiB and a bit, less 1 MiB of zeros and 1 MiB that is there", 14 * 4 + 1, target.writes.get());
        assertEquals(0, copier.differences());
        assertEquals(0, map.markedBytes());
    }

    @Test
    public void whatIsWrittenMeanwhileIsCopiedToo() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        Thread host = new Thread(() -> {
            Random random = new Random(7);
            byte[] data = new byte[8 * BLOCK];
            while (!stop.get()) {
                random.nextBytes(data);
                long lba = random.nextInt(SIZE / BLOCK - 8);
                switch (random.nextInt(8)) {
                    case 0 -> volume.unmap(lba, 8).toCompletableFuture().join();
                    default -> write(lba, data);
                }
            }
        });
        Copier copier = new Copier(volume, target, map);
        Job job = new Job(runtime, copier, 0);
        host.start();
        job.start();
        // The host is stopped before the job could end, which it may not as long as much is changed.
        while (copier.pass() < 3 && !job.result().toCompletableFuture().isDone()) {
            Thread.onSpinWait();
        }
        stop.set(true);
        host.join();
        job.result().toCompletableFuture().join();
        write(5, filled(9));
        switchOver(copier);
        assertArrayEquals(source.bytes, target.bytes);
        assertEquals(0, copier.differences());
        write(6, filled(3));
        assertEquals("hosts write to the other store", 3, target.bytes[6 * BLOCK]);
        assertEquals(9, source.bytes[5 * BLOCK]);
    }

    private static byte[] filled(int value) {
        byte[] data = new byte[BLOCK];
        Arrays.fill(data, (byte) value);
        return data;
    }

    @Test
    public void aDifferenceIsFoundAndCopiedAgain() {
        new Random(1).nextBytes(source.bytes);
        Bytes forgetful = target;
        Copier copier = new Copier(volume, forgetful, map);
        Job job = new Job(
                runtime,
                new Job.Work() {
                    private boolean spoiled;

                    @Override
                    public long totalBytes() {
                        return copier.totalBytes();
                    }

                    @Override
                    public CompletionStage<Long> next(long doneBytes) {
                        if (copier.verifying() && !spoiled) {
                            spoiled = true;
                            forgetful.bytes[(9 << 20) + 1] ^= 1;
                        }
                        return copier.next(doneBytes);
                    }
                },
                0);
        job.start().result().toCompletableFuture().join();
        assertEquals(1, copier.differences());
        copier.finish(source).toCompletableFuture().join();
        assertArrayEquals(source.bytes, forgetful.bytes);
    }

    @Test
    public void aStoreThatFailsEndsTheCopyWithOneLine() {
        new Random(1).nextBytes(source.bytes);
        target.answer = CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, "it is full"));
        CompletionException failed = assertThrows(CompletionException.class, this::copied);
        assertEquals(
                "the new storage cannot be written: it is full",
                failed.getCause().getMessage());
        write(0, filled(1));
    }

    @Test
    public void aLastCopyThatIsCalledOffEndsAfterTheRegionThatIsUnderWay() throws Exception {
        Copier copier = copied();
        for (int region = 0; region < 3; region++) {
            write(map.lba(region), filled(7));
        }
        CompletableFuture<Void> slow = new CompletableFuture<>();
        target.answer = slow;
        CompletionStage<Void> finished = copier.finish(source);
        copier.callOff();
        assertFalse(finished.toCompletableFuture().isDone());
        assertFalse(
                "the other store is in use",
                copier.answers().toCompletableFuture().isDone());
        slow.complete(null);
        finished.toCompletableFuture().get(10, TimeUnit.SECONDS);
        copier.answers().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(1, target.writes.get());
        assertEquals("the rest is left", 2 * map.bytes(0), map.markedBytes());
        target.answer = Backstore.done();
        switchOver(copier);
        assertArrayEquals(source.bytes, target.bytes);
    }

    @Test
    public void theMapOutlivesTheProcess() {
        DirtyMap left = new DirtyMap(geometry);
        left.mark(SIZE / BLOCK - 1, 1);
        DirtyMap next = new DirtyMap(geometry);
        assertTrue(next.load(left.save()));
        assertEquals(left.markedBytes(), next.markedBytes());
        assertEquals(64, next.next(0));
        assertEquals(-1, next.next(65));
        assertEquals(false, next.load(new byte[3]));
    }
}
