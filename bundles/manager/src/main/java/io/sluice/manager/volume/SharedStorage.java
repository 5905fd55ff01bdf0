package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.RecordNotices;
import io.sluice.backstore.ability.SharedRecords;
import io.sluice.backstore.ability.Takeover;
import io.sluice.volume.Volume;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The storage of a disk that another gateway has too, below all layers. Every call ends in bounded time. Thread-safe. */
final class SharedStorage {

    private static final Logger LOG = LoggerFactory.getLogger(SharedStorage.class);

    private final Volume volume;
    private final Supplier<ContainedStore> open;
    private final Duration most;

    /** How many takeovers the storage has not answered yet, given up or not. */
    private final AtomicInteger takeovers = new AtomicInteger();

    /** How often others were to be told since they were told last; 0 if nobody is telling them. */
    private final AtomicInteger announcing = new AtomicInteger();

    /**
     * @param open what is open now, or null
     * @param most how long an answer is waited for
     */
    SharedStorage(Volume volume, Supplier<ContainedStore> open, Duration most) {
        this.volume = volume;
        this.open = open;
        this.most = most;
    }

    boolean isOpen() {
        return open.get() != null;
    }

    /** Returns what is open now, or null; the right to the blocks is of that alone. */
    Object opened() {
        return open.get();
    }

    /** Returns whether something is open still. */
    boolean has(Object opened) {
        return opened != null && open.get() == opened;
    }

    CompletionStage<byte[]> record(String name) {
        return use(SharedRecords.class, records -> records.record(name));
    }

    /** Returns what a record says; fails if that is not understood. */
    <T> CompletionStage<T> read(String name, Reading<T> reading) {
        return record(name).thenCompose(record -> parsed(name, record, reading));
    }

    /** Returns what a record that is there says, as {@link #read}. */
    <T> CompletionStage<T> parsed(String name, byte[] record, Reading<T> reading) {
        try {
            return CompletableFuture.completedFuture(reading.read(record));
        } catch (IOException wrong) {
            String why =
                    "record " + name + " beside the blocks cannot be read: " + wrong.getMessage() + ": " + wayOut(name);
            return CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, why, wrong));
        }
    }

    private String wayOut(String name) {
        if (name.startsWith(OtherGateways.GATEWAY)) {
            return "backstore:reopen " + volume.name() + " on that gateway writes it anew";
        }
        return name.equals(SharedUnitState.RECORD)
                ? "who serves the disk writes it anew with the next change; if nobody does,"
                        + " docs/high-availability.md says how to go on without it"
                : "backstore:takeover " + volume.name() + " --force writes it anew";
    }

    /** What reads a record; an empty one is not there. */
    @FunctionalInterface
    interface Reading<T> {

        /** @throws IOException if it is not understood; the message is one line for the operator */
        T read(byte[] record) throws IOException;
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

    /**
     * Takes the right to the blocks.
     *
     * @param late called if it was taken although that was given up: nobody else has it then. Never before the stage has failed
     */
    CompletionStage<Void> take(boolean force, Runnable late) {
        AtomicBoolean settled = new AtomicBoolean();
        return use(Takeover.class, takeover -> answered(takeover, force).thenRun(() -> {
                    if (!settled.compareAndSet(false, true)) {
                        late.run();
                    }
                }))
                .exceptionallyCompose(failure -> settled.compareAndSet(false, true)
                        ? CompletableFuture.failedFuture(failure)
                        : Backstore.done());
    }

    private CompletionStage<Void> answered(Takeover takeover, boolean force) {
        CompletionStage<Void> answer = takeover.take(force);
        takeovers.incrementAndGet();
        return answer.whenComplete((taken, failure) -> takeovers.decrementAndGet());
    }

    /** Returns whether the storage may still be taken without anybody asking for it again. */
    boolean isBeingTaken() {
        return takeovers.get() > 0;
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
                .orTimeout(most.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> Plugin.cause(failure) instanceof TimeoutException
                        ? failed("the storage of backstore " + volume.name() + " does not answer")
                        : CompletableFuture.failedFuture(failure));
    }

    static <T> CompletionStage<T> failed(String why) {
        return CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, why));
    }
}
