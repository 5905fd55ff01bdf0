package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.RecordNotices;
import io.sluice.backstore.ability.SharedRecords;
import io.sluice.backstore.ability.Takeover;
import io.sluice.volume.Volume;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The storage of a disk that another gateway has too, below all layers. Every call ends in bounded time. Thread-safe. */
final class SharedStorage {

    private static final int MOST_SECONDS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(SharedStorage.class);

    private final Volume volume;
    private final Supplier<ContainedStore> open;

    /** How often others were to be told since they were told last; 0 if nobody is telling them. */
    private final AtomicInteger announcing = new AtomicInteger();

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

    /**
     * As {@link #put}, if it is still allowed when the storage cannot be closed any more: what comes later is written by somebody
     * else.
     */
    CompletionStage<Void> put(String name, byte[] value, BooleanSupplier allowed) {
        return use(
                SharedRecords.class,
                records -> allowed.getAsBoolean()
                        ? records.putRecord(name, value)
                        : failed("backstore " + volume.name() + " is not served here any more"));
    }

    /** Has the others look soon, where the storage can do that; never waits. They look now and then anyway. */
    void announce() {
        if (announcing.getAndIncrement() == 0) {
            announceNow();
        }
    }

    private void announceNow() {
        int meant = announcing.get();
        use(RecordNotices.class, RecordNotices::announce).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.debug("backstore={} others are not told to look", volume.name(), failure);
            }
            if (!announcing.compareAndSet(meant, 0)) {
                announcing.set(1);
                announceNow();
            }
        });
    }

    /** Somebody is told that there may be something new, as long as what is open now is. */
    CompletionStage<Void> listen(Runnable told) {
        return use(RecordNotices.class, notices -> {
            notices.listen(told);
            return Backstore.done();
        });
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
        if (able == null && ability == RecordNotices.class) {
            return Backstore.done().thenApply(nothing -> null);
        }
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
