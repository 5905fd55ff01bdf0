package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.RecordNotices;
import io.sluice.backstore.ability.SharedRecords;
import io.sluice.backstore.ability.Takeover;
import io.sluice.config.BackstoreConfig;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Storage in memory that several gateways have open, each by a provider of its own, and one of them may use. */
final class SharedPlace {

    final Map<String, byte[]> records = new ConcurrentSkipListMap<>();

    /** Who is told of notices, if there are any. */
    private final List<Store> listening = new CopyOnWriteArrayList<>();

    /** How often each record was read. */
    final Map<String, Integer> reads = new ConcurrentHashMap<>();

    /** Whether who has the storage open can let each other know of something new. */
    volatile boolean notices = true;

    /** Records that are read, or written, when a test says so. */
    volatile Predicate<String> readLate = name -> false;

    volatile Predicate<String> writtenLate = name -> false;

    /** Records that cannot be written. */
    volatile Predicate<String> notWritten = name -> false;

    /** Whether the storage takes its time to shut somebody out, or to let go of the blocks. */
    volatile boolean takesLate;

    volatile boolean closesLate;

    final CompletableFuture<Void> late = new CompletableFuture<>();

    /** Records that are written when a test says another thing. */
    volatile Predicate<String> writtenLast = name -> false;

    final CompletableFuture<Void> last = new CompletableFuture<>();

    /** Who has the right to the blocks; guarded by this. */
    private Store owner;

    /** How often the right to the blocks is given to nobody. */
    final AtomicInteger refusals = new AtomicInteger();

    /** How often somebody was shut out. */
    volatile int shutOut;

    /** Stores that were opened. */
    final AtomicInteger opened = new AtomicInteger();

    /** Runs when somebody is about to take the right to the blocks, by force or not, and when somebody tells others of news. */
    volatile Runnable beforeTake = () -> {};

    volatile Runnable atNotice = () -> {};

    /** Runs when somebody has just been shut out. */
    volatile Runnable afterShutOut = () -> {};

    /** Who has the right to the blocks says that it cannot go on. */
    void lose() {
        Store lost;
        synchronized (this) {
            lost = owner;
        }
        lost.context.raise(BackstoreEvent.LOST);
    }

    BackstoreProvider provider() {
        return new Provider();
    }

    private final class Provider implements BackstoreProvider {

        @Override
        public String type() {
            return "shared";
        }

        @Override
        public String description() {
            return "shared";
        }

        @Override
        public List<BackstoreOption> options() {
            return List.of(BackstoreOption.SHARED);
        }

        @Override
        public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext context) {
            return CompletableFuture.completedFuture(config);
        }

        @Override
        public CompletionStage<Void> undoCreate(BackstoreConfig config, BackstoreContext context) {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Backstore> open(BackstoreConfig config, BackstoreContext context) {
            opened.incrementAndGet();
            return CompletableFuture.completedFuture(
                    new Store(new BlockGeometry(config.sizeBytes() / config.blockSize(), config.blockSize()), context));
        }
    }

    private final class Store implements Backstore, SharedRecords, RecordNotices, Takeover {
        private final BlockGeometry geometry;
        private final BackstoreContext context;
        private volatile boolean gone;
        private volatile Runnable told = () -> {};

        Store(BlockGeometry geometry, BackstoreContext context) {
            this.geometry = geometry;
            this.context = context;
        }

        @Override
        public BlockGeometry geometry() {
            return geometry;
        }

        @Override
        public BackstoreHealth health() {
            return gone ? new BackstoreHealth(BackstoreHealth.State.FAILED, "it was taken") : BackstoreHealth.HEALTHY;
        }

        @Override
        public boolean active() {
            synchronized (SharedPlace.this) {
                return owner == this;
            }
        }

        @Override
        public CompletionStage<Void> take(boolean force) {
            return when(takesLate && force).thenCompose(now -> takeNow(force));
        }

        private CompletionStage<Void> takeNow(boolean force) {
            beforeTake.run();
            if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                return failed("on purpose");
            }
            boolean isTaken;
            synchronized (SharedPlace.this) {
                isTaken = owner != null && owner != this;
                if (isTaken && !force) {
                    return failed("somebody has it");
                }
                if (isTaken) {
                    owner.gone = true;
                    owner.context.raise(BackstoreEvent.LOST);
                    shutOut++;
                }
                owner = this;
            }
            if (isTaken) {
                afterShutOut.run();
            }
            return Backstore.done();
        }

        @Override
        public CompletionStage<byte[]> record(String name) {
            reads.merge(name, 1, Integer::sum);
            return when(readLate.test(name))
                    .thenCompose(now -> gone
                            ? failed("shut out")
                            : CompletableFuture.completedFuture(records.getOrDefault(name, new byte[0])));
        }

        private CompletionStage<Void> when(boolean later) {
            return later ? late : Backstore.done();
        }

        @Override
        public CompletionStage<Void> announce() {
            atNotice.run();
            if (notices) {
                listening.forEach(store -> store.told.run());
            }
            return Backstore.done();
        }

        @Override
        public void listen(Runnable listener) {
            told = listener;
            listening.add(this);
        }

        @Override
        public CompletionStage<Void> putRecord(String name, byte[] value) {
            return when(writtenLate.test(name))
                    .thenCompose(now -> writtenLast.test(name) ? last : Backstore.done())
                    .thenCompose(now -> putNow(name, value));
        }

        private CompletionStage<Void> putNow(String name, byte[] value) {
            if (gone || notWritten.test(name)) {
                return failed(gone ? "shut out" : "on purpose");
            }
            if (value.length == 0) {
                records.remove(name);
            } else {
                records.put(name, value);
            }
            return Backstore.done();
        }

        @Override
        public CompletionStage<List<String>> recordNames() {
            return gone ? failed("shut out") : CompletableFuture.completedFuture(List.copyOf(records.keySet()));
        }

        @Override
        public CompletionStage<Void> read(long lba, ByteBuffer destination) {
            return active() ? Backstore.done() : failed("it is not served here");
        }

        @Override
        public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
            return active() ? Backstore.done() : failed("it is not served here");
        }

        @Override
        public CompletionStage<Void> flush() {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> close() {
            listening.remove(this);
            return when(closesLate && active()).thenRun(this::letGo);
        }

        private void letGo() {
            synchronized (SharedPlace.this) {
                owner = owner == this ? null : owner;
            }
        }
    }

    private static <T> CompletionStage<T> failed(String why) {
        return CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, why));
    }
}
