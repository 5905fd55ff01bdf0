package io.sluice.manager.volume;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.SharedRecords;
import io.sluice.backstore.ability.Takeover;
import io.sluice.volume.Volume;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** The storage of a disk that another gateway has too, below all layers. Every call ends in bounded time. Thread-safe. */
final class SharedStorage {

    private static final int MOST_SECONDS = 8;

    private final Volume volume;
    private final Supplier<ContainedStore> open;

    /** @param open what is open now, or null */
    SharedStorage(Volume volume, Supplier<ContainedStore> open) {
        this.volume = volume;
        this.open = open;
    }

    boolean isOpen() {
        return open.get() != null;
    }

    CompletionStage<byte[]> record(String name) {
        return use(SharedRecords.class, records -> records.record(name));
    }

    CompletionStage<Void> put(String name, byte[] value) {
        return use(SharedRecords.class, records -> records.putRecord(name, value));
    }

    CompletionStage<List<String>> names() {
        return use(SharedRecords.class, SharedRecords::recordNames);
    }

    CompletionStage<Void> take(boolean force) {
        return use(Takeover.class, takeover -> takeover.take(force));
    }

    /** With a lease, so that nothing is closed meanwhile; what is given up keeps it. */
    private <A, T> CompletionStage<T> use(Class<A> ability, Function<A, CompletionStage<T>> work) {
        ContainedStore store = open.get();
        if (store == null) {
            return failed("the storage of backstore " + volume.name() + " is away");
        }
        A able = store.at(0).ownAbility(ability);
        if (able == null) {
            return failed("the storage of backstore " + volume.name() + " cannot be shared: leave out shared=yes");
        }
        return volume.examine(leased -> work.apply(able))
                .toCompletableFuture()
                .copy()
                .orTimeout(MOST_SECONDS, TimeUnit.SECONDS)
                .exceptionallyCompose(failure -> Plugin.cause(failure) instanceof TimeoutException
                        ? failed("the storage of backstore " + volume.name() + " does not answer")
                        : CompletableFuture.failedFuture(failure));
    }

    static <T> CompletionStage<T> failed(String why) {
        return CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, why));
    }
}
