package io.sluice.scsi.history;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ability.Unmap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A store that promises no more than it has to: each block of an operation is read or written by itself, sooner or later, in
 * any order and by any of several threads. A block is never torn, unless it is told to be.
 */
final class ScatteringStore implements Backstore, Unmap {

    /** What it does wrong. */
    enum Fault {
        NONE,
        /** The halves of a block are written by themselves. */
        TEARS,
        /** Some writes are answered before they are made. */
        ANSWERS_EARLY
    }

    private static final int LONGEST_DELAY_MICROS = 200;

    private static final ScheduledExecutorService THREADS = Executors.newScheduledThreadPool(4, work -> {
        Thread thread = new Thread(work, "scattering-store");
        thread.setDaemon(true);
        return thread;
    });

    private final BlockGeometry geometry;
    private final byte[][] blocks;
    private final Random random;
    private final Fault fault;

    ScatteringStore(BlockGeometry geometry, Random random, Fault fault) {
        this.geometry = geometry;
        this.blocks = new byte[(int) geometry.blocks()][geometry.blockSize()];
        this.random = random;
        this.fault = fault;
    }

    @Override
    public BlockGeometry geometry() {
        return geometry;
    }

    /** Performs pieces of an operation, at once now and then. */
    private CompletionStage<Void> scatter(List<Runnable> pieces, boolean answersEarly) {
        Collections.shuffle(pieces, random);
        if (random.nextInt(4) == 0 && !answersEarly) {
            pieces.forEach(Runnable::run);
            return Backstore.done();
        }
        CompletableFuture<Void> result = new CompletableFuture<>();
        AtomicInteger left = new AtomicInteger(pieces.size());
        for (Runnable piece : pieces) {
            THREADS.schedule(
                    () -> {
                        piece.run();
                        if (left.decrementAndGet() == 0) {
                            result.complete(null);
                        }
                    },
                    random.nextInt(LONGEST_DELAY_MICROS),
                    TimeUnit.MICROSECONDS);
        }
        return answersEarly ? Backstore.done() : result;
    }

    private void copy(byte[] from, int fromOffset, byte[] to, int toOffset, byte[] lock, int length) {
        synchronized (lock) {
            System.arraycopy(from, fromOffset, to, toOffset, length);
        }
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        int size = geometry.blockSize();
        ByteBuffer whole = destination.slice();
        List<Runnable> pieces = new ArrayList<>();
        for (int i = 0; i < whole.capacity() / size; i++) {
            byte[] block = blocks[(int) lba + i];
            int offset = i * size;
            pieces.add(() -> {
                byte[] found = new byte[size];
                copy(block, 0, found, 0, block, size);
                whole.put(offset, found);
            });
        }
        return scatter(pieces, false);
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        int length = 0;
        for (ByteBuffer part : source) {
            length += part.remaining();
        }
        ByteBuffer data = ByteBuffer.allocate(length);
        for (ByteBuffer part : source) {
            data.put(part.duplicate());
        }
        return write(lba, data.array());
    }

    private CompletionStage<Void> write(long lba, byte[] data) {
        int size = fault == Fault.TEARS ? geometry.blockSize() / 2 : geometry.blockSize();
        List<Runnable> pieces = new ArrayList<>();
        for (int offset = 0; offset < data.length; offset += size) {
            byte[] block = blocks[(int) lba + offset / geometry.blockSize()];
            int from = offset;
            pieces.add(() -> copy(data, from, block, from % geometry.blockSize(), block, size));
        }
        return scatter(pieces, fault == Fault.ANSWERS_EARLY && random.nextBoolean());
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long count) {
        return write(lba, new byte[(int) count * geometry.blockSize()]);
    }

    @Override
    public CompletionStage<Void> flush() {
        return Backstore.done();
    }

    @Override
    public CompletionStage<Void> close() {
        return Backstore.done();
    }
}
