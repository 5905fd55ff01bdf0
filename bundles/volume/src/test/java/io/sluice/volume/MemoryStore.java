package io.sluice.volume;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A store over bytes that may be shared, which ends operations at once or when the test says so, and fails the test if it is
 * used after it was closed or closed while it is used.
 */
class MemoryStore implements Backstore {

    static final int BLOCK = 512;

    final byte[] bytes;
    final Queue<CompletableFuture<Void>> held = new ArrayDeque<>();
    final AtomicInteger running = new AtomicInteger();
    volatile boolean closed;
    int flushes;
    private boolean holding;
    private Supplier<CompletionStage<Void>> next;

    MemoryStore(byte[] bytes) {
        this.bytes = bytes;
    }

    static MemoryStore ofBlocks(int blocks) {
        return new MemoryStore(new byte[blocks * BLOCK]);
    }

    /** Operations end only when the test ends them. */
    synchronized MemoryStore hold() {
        holding = true;
        return this;
    }

    /** The next operation answers with this. */
    synchronized void answerNext(Supplier<CompletionStage<Void>> answer) {
        next = answer;
    }

    synchronized CompletableFuture<Void> takeHeld() {
        return held.remove();
    }

    private CompletionStage<Void> answer(Runnable action) {
        running.incrementAndGet();
        assertFalse("used after it was closed", closed);
        action.run();
        synchronized (this) {
            if (next != null) {
                Supplier<CompletionStage<Void>> answer = next;
                next = null;
                running.decrementAndGet();
                return answer.get();
            }
            if (holding) {
                CompletableFuture<Void> result = new CompletableFuture<>();
                held.add(result);
                running.decrementAndGet();
                return result;
            }
        }
        assertFalse("closed while it was used", closed);
        running.decrementAndGet();
        return Backstore.done();
    }

    @Override
    public BlockGeometry geometry() {
        return new BlockGeometry(bytes.length / BLOCK, BLOCK);
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        return answer(() -> destination.put(bytes, (int) lba * BLOCK, destination.remaining()));
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        return answer(() -> {
            int at = (int) lba * BLOCK;
            for (ByteBuffer part : source) {
                int length = part.remaining();
                part.get(bytes, at, length);
                at += length;
            }
        });
    }

    @Override
    public CompletionStage<Void> flush() {
        flushes++;
        return answer(() -> {});
    }

    @Override
    public CompletionStage<Void> close() {
        assertFalse("closed twice", closed);
        closed = true;
        assertEquals("closed while it was used", 0, running.get());
        return Backstore.done();
    }
}
