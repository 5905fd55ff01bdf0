package io.sluice.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ForwardingBackstore;
import io.sluice.backstore.ability.ExtentMap;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A store that operations do not go to, for one who looks at it until he has decided something. Each of his calls has a lease:
 * what is still under way when he has decided holds up nobody but whoever closes the store, and calls after that are refused.
 */
final class LeasedStore extends ForwardingBackstore implements ExtentMap {

    private final OpenStore store;
    private volatile boolean over;

    /** @param store with a lease, which {@link #end} gives back */
    LeasedStore(OpenStore store) {
        super(store.backstore());
        this.store = store;
    }

    /** It is decided. */
    void end() {
        over = true;
        store.giveBack();
    }

    private <T> CompletionStage<T> leased(Supplier<CompletionStage<T>> call) {
        boolean lease = store.leaseAnother();
        if (!lease || over) {
            if (lease) {
                store.giveBack();
            }
            return CompletableFuture.failedFuture(
                    new BackstoreException(Fault.NOT_READY, "it is decided already what becomes of the store"));
        }
        CompletionStage<T> answer = Replacement.attempt(call);
        // Hosts wait for the decision, whatever limit is kept for them.
        store.hurry();
        if (answer == null) {
            answer = CompletableFuture.failedFuture(new IllegalStateException("the store gave no stage"));
        }
        return answer.whenComplete((done, failure) -> store.giveBack());
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        return leased(() -> delegate().read(lba, destination));
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        return leased(() -> delegate().write(lba, source, durability));
    }

    @Override
    public CompletionStage<List<BlockExtent>> extents(long lba, long maxBlocks, int maxExtents) {
        return leased(() -> delegate().ability(ExtentMap.class).extents(lba, maxBlocks, maxExtents));
    }

    @Override
    public CompletionStage<Void> flush() {
        return leased(() -> delegate().flush());
    }

    /** It is not for him to close. */
    @Override
    public CompletionStage<Void> close() {
        return Backstore.done();
    }
}
