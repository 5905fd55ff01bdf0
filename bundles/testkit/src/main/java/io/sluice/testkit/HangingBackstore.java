package io.sluice.testkit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ForwardingBackstore;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A store that answers nothing from {@link #hang} until {@link #letGo}, as one whose disk is gone. What was asked for
 * meanwhile is done then. Closing hangs too. Thread-safe.
 */
public final class HangingBackstore extends ForwardingBackstore implements Unmap, WriteZeroes {

    private final List<Runnable> asked = new ArrayList<>();
    private boolean hanging;

    /** @param delegate the store below */
    public HangingBackstore(Backstore delegate) {
        super(delegate);
    }

    /** Begins to hang. */
    public synchronized void hang() {
        hanging = true;
    }

    /** Returns how many operations have no answer. */
    public synchronized int hanging() {
        return asked.size();
    }

    /** Does what was asked for, in the order in which it was, and hangs no more. */
    public void letGo() {
        List<Runnable> late;
        synchronized (this) {
            hanging = false;
            late = List.copyOf(asked);
            asked.clear();
        }
        late.forEach(Runnable::run);
    }

    private CompletionStage<Void> pass(Supplier<CompletionStage<Void>> below) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        synchronized (this) {
            if (hanging) {
                asked.add(() -> below.get().whenComplete((done, failure) -> Stages.end(result, failure)));
                return result;
            }
        }
        return below.get();
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        return pass(() -> super.read(lba, destination));
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        return pass(() -> super.write(lba, source, durability));
    }

    @Override
    public CompletionStage<Void> flush() {
        return pass(super::flush);
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long blocks) {
        return pass(() -> delegate().ability(Unmap.class).unmap(lba, blocks));
    }

    @Override
    public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        return pass(() -> delegate().ability(WriteZeroes.class).writeZeroes(lba, blocks, durability));
    }

    @Override
    public CompletionStage<Void> close() {
        return pass(super::close);
    }
}
