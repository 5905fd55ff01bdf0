package io.sluice.scsi.internal;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.UnitStateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes writes atomic across a power loss (SBC-4 4.29): the data is kept aside before it is written to the store, and what
 * is still kept aside when the store is opened next is written again. Nobody else is at the blocks until it is let go.
 */
public final class WriteIntents {

    private static final Logger LOG = LoggerFactory.getLogger(WriteIntents.class);

    private final String unit;
    private final UnitStateStore store;
    private final AtomicLong next = new AtomicLong();

    WriteIntents(String unit, UnitStateStore store) {
        this.unit = unit;
        this.store = store;
    }

    /** Writes blocks for a command that is alone at them, and ends it. */
    public void write(Execution execution, long lba, ByteBuffer[] data, int length) throws CheckConditionException {
        long id = next.incrementAndGet();
        ByteBuffer[] copy = new ByteBuffer[data.length];
        for (int i = 0; i < data.length; i++) {
            copy[i] = data[i].duplicate();
        }
        try {
            store.saveIntent(id, lba, copy);
        } catch (IOException failed) {
            LOG.error("unit={} an atomic write cannot be kept aside: {}", unit, failed.getMessage(), failed);
            throw new CheckConditionException(Sense.INTERNAL_TARGET_FAILURE);
        }
        execution
                .store()
                .write(lba, data, Durability.STABLE)
                .whenComplete((written, failure) -> finish(execution, id, length, failure));
    }

    /** What was kept aside goes also after a failure: it must not come back over what is written later. */
    private void finish(Execution execution, long id, int length, Throwable failure) {
        try {
            store.clearIntent(id);
        } catch (IOException failed) {
            LOG.error("unit={} an atomic write cannot be let go: {}", unit, failed.getMessage(), failed);
            execution.fail(new CheckConditionException(Sense.INTERNAL_TARGET_FAILURE));
            return;
        }
        if (failure == null) {
            execution.unit().threshold().wrote(length);
            execution.good();
        } else {
            execution.fail(failure);
        }
    }

    /**
     * Writes again what was interrupted, before anyone else uses the store.
     *
     * @return fails with {@link BackstoreException} if it cannot be read or written
     */
    CompletionStage<Void> replay(Backstore backstore) {
        CompletionStage<Void> done = Backstore.done();
        try {
            for (UnitStateStore.Intent intent : store.loadIntents()) {
                done = done.thenCompose(before -> finish(backstore, intent));
            }
        } catch (IOException unreadable) {
            done = CompletableFuture.failedFuture(unreadable);
        }
        return done.exceptionallyCompose(failed -> CompletableFuture.failedFuture(new BackstoreException(
                Fault.WRITE_FAILED, "an interrupted atomic write cannot be finished: " + failed.getMessage(), failed)));
    }

    private CompletionStage<Void> finish(Backstore backstore, UnitStateStore.Intent intent) {
        LOG.warn("unit={} finishes an atomic write at block {} that was interrupted", unit, intent.lba());
        ByteBuffer[] data = {intent.data()};
        return backstore.write(intent.lba(), data, Durability.STABLE).thenAccept(written -> {
            try {
                store.clearIntent(intent.id());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
    }
}
