package io.sluice.scsi;

import io.sluice.backstore.Backstore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Keeps the state of a unit in memory, so that a test can make the unit anew, hold a save up, or let it fail. */
public final class MemoryStateStore implements UnitStateStore {

    private final Map<Long, Intent> intents = new ConcurrentHashMap<>();
    private volatile UnitState state = UnitState.NEW;
    private CompletableFuture<Void> held;
    public boolean failing;
    public boolean failingToClear;
    public int saves;

    /** What is saved next is there when this completes, and not before. */
    public CompletableFuture<Void> holdNext() {
        held = new CompletableFuture<>();
        return held;
    }

    /** Gives another one all that is kept here. */
    public void copyTo(MemoryStateStore other) {
        other.state = state;
        intents.forEach((id, intent) ->
                other.intents.put(id, new Intent(id, intent.lba(), intent.data().duplicate())));
    }

    private CompletionStage<Void> perform(boolean fails, Runnable change) {
        CompletableFuture<Void> first = held;
        held = null;
        Supplier<CompletionStage<Void>> result = () -> {
            if (fails) {
                return CompletableFuture.failedFuture(new IOException("on purpose"));
            }
            change.run();
            return Backstore.done();
        };
        return first == null ? result.get() : first.thenCompose(go -> result.get());
    }

    @Override
    public UnitState load() {
        return state;
    }

    @Override
    public CompletionStage<Void> save(UnitState changed) {
        return perform(failing, () -> {
            saves++;
            state = changed;
        });
    }

    @Override
    public CompletionStage<Void> saveIntent(long id, long lba, ByteBuffer[] data) {
        return perform(failing, () -> {
            int length = 0;
            for (ByteBuffer part : data) {
                length += part.remaining();
            }
            ByteBuffer copy = ByteBuffer.allocate(length);
            for (ByteBuffer part : data) {
                copy.put(part);
            }
            intents.put(id, new Intent(id, lba, copy.flip()));
        });
    }

    @Override
    public CompletionStage<Void> clearIntent(long id) {
        return perform(failingToClear, () -> intents.remove(id));
    }

    @Override
    public List<Intent> loadIntents() {
        return List.copyOf(intents.values());
    }
}
