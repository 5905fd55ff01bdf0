package io.sluice.iscsi.portal;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.FileRange;
import io.sluice.backstore.ability.LentRead;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A store in memory whose operations can be held back, and end on a thread of the test's choice. */
public final class TestStore implements Backstore, LentRead {

    private final BlockGeometry geometry;
    private final byte[] content;
    private final Queue<Runnable> held = new ArrayDeque<>();
    private Executor executor = Runnable::run;
    private boolean holding;
    private boolean failing;
    private FileChannel lentFile;
    private int lent;
    private int mostLent;

    public TestStore(long blocks) {
        geometry = new BlockGeometry(blocks, 512);
        content = new byte[(int) geometry.sizeBytes()];
    }

    private TestStore(TestStore other) {
        geometry = other.geometry;
        content = other.content;
    }

    /** Returns another store with the same data; one of the two is used at a time. */
    public TestStore again() {
        return new TestStore(this);
    }

    /** Lends from a file from now on; what is in it need not be what is in memory. */
    public synchronized void lendFrom(FileChannel file) {
        lentFile = file;
    }

    /** Returns how many ranges have been lent and not given back. */
    public synchronized int lent() {
        return lent;
    }

    /** Returns how many ranges were lent at a time. */
    public synchronized int mostLent() {
        return mostLent;
    }

    @Override
    public synchronized FileRange lend(long lba, int lengthBytes) {
        if (lentFile == null) {
            return null;
        }
        lent++;
        mostLent = Math.max(mostLent, lent);
        return new FileRange(lentFile, geometry.offsetBytes(lba), lengthBytes, this::giveBack);
    }

    private synchronized void giveBack() {
        lent--;
    }

    /** Keeps every operation from now on until it is released. */
    public synchronized void hold() {
        holding = true;
    }

    public synchronized int heldCount() {
        return held.size();
    }

    /** Lets the operation go that has been held for longest. */
    public void letOneGo() {
        poll().run();
    }

    /** Lets the held operations and all later ones go. */
    public void letGo() {
        Runnable next;
        synchronized (this) {
            holding = false;
        }
        while ((next = poll()) != null) {
            next.run();
        }
    }

    public synchronized void completeOn(Executor other) {
        executor = other;
    }

    public synchronized byte[] content(long lba, int blocks) {
        byte[] copy = new byte[blocks * 512];
        System.arraycopy(content, (int) lba * 512, copy, 0, copy.length);
        return copy;
    }

    private synchronized Runnable poll() {
        return held.poll();
    }

    @Override
    public BlockGeometry geometry() {
        return geometry;
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        if (fails()) {
            return CompletableFuture.failedFuture(new BackstoreException(Fault.READ_FAILED, "as the test says"));
        }
        return run(() -> destination.put(content, (int) geometry.offsetBytes(lba), destination.remaining()));
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        if (fails()) {
            return CompletableFuture.failedFuture(new BackstoreException(Fault.WRITE_FAILED, "as the test says"));
        }
        return run(() -> {
            int at = (int) geometry.offsetBytes(lba);
            for (ByteBuffer part : source) {
                int length = part.remaining();
                part.get(content, at, length);
                at += length;
            }
        });
    }

    @Override
    public CompletionStage<Void> flush() {
        return run(() -> {});
    }

    @Override
    public CompletionStage<Void> close() {
        letGo();
        return Backstore.done();
    }

    /** Has the next read or write fail. */
    public synchronized void failNext() {
        failing = true;
    }

    private synchronized boolean fails() {
        boolean now = failing;
        failing = false;
        return now;
    }

    private CompletionStage<Void> run(Runnable access) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Runnable operation = () -> executor.execute(() -> {
            synchronized (this) {
                access.run();
            }
            done.complete(null);
        });
        synchronized (this) {
            if (holding) {
                held.add(operation);
                return done;
            }
        }
        operation.run();
        return done;
    }
}
