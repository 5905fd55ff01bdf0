package io.sluice.testkit;

import io.sluice.backstore.Backstore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A store that answers nothing from {@link #hang} until {@link #letGo}, as one whose disk is gone. What was asked for
 * meanwhile is done then. Closing hangs too. Thread-safe.
 */
public final class HangingBackstore extends InterceptingBackstore {

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

    @Override
    <T> CompletionStage<T> pass(Supplier<CompletionStage<T>> below) {
        CompletableFuture<T> result = new CompletableFuture<>();
        synchronized (this) {
            if (hanging) {
                asked.add(() -> below.get().whenComplete((value, failure) -> Stages.end(result, value, failure)));
                return result;
            }
        }
        return below.get();
    }
}
