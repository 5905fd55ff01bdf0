package io.sluice.volume;

import io.sluice.backstore.Backstore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A replacement by a store that is open already, by which the old one stays open too: whoever has asked for it decides at the
 * last moment, while operations wait, and the volume goes on with the old store whenever anything fails.
 */
final class Exchange extends Replacement {

    private final OpenStore entering;
    private final boolean flushes;
    private final Function<Backstore, CompletionStage<Void>> decision;
    private final CompletableFuture<Backstore> left = new CompletableFuture<>();

    /**
     * @param flushes whether the old store is to be flushed before
     * @param decision made while no operation runs; may use the old store until its stage completes
     */
    Exchange(
            VolumeLife life,
            OpenStore leaving,
            OpenStore entering,
            boolean flushes,
            Function<Backstore, CompletionStage<Void>> decision) {
        super(life, leaving, null);
        this.entering = entering;
        this.flushes = flushes;
        this.decision = decision;
    }

    /** Returns a stage that completes with the old store when nothing of it is in use; only after success. */
    CompletionStage<Backstore> left() {
        return left;
    }

    @Override
    CompletionStage<Void> flush() {
        return flushes ? super.flush() : Backstore.done();
    }

    @Override
    void change() {
        LeasedStore old = new LeasedStore(leaseToDecide());
        attempt(() -> decision.apply(old)).whenComplete((decided, failure) -> {
            old.end();
            if (failure != null) {
                life().callOff(this, failure);
                return;
            }
            try {
                life().use(entering);
            } catch (RuntimeException closed) {
                life().callOff(this, closed);
                return;
            }
            result().complete(null);
            leaving().unused().thenRun(() -> left.complete(leaving().backstore()));
        });
    }
}
