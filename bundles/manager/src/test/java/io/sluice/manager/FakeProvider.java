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
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A kind of storage that keeps no data but an account of what was made and what is open. It misbehaves as a test likes. */
public class FakeProvider implements BackstoreProvider {

    public final Set<String> made = new ConcurrentSkipListSet<>();
    /** What was there already when it was made. */
    private final Set<String> takenOver = new ConcurrentSkipListSet<>();

    public final Set<String> open = new ConcurrentSkipListSet<>();
    public final AtomicInteger openings = new AtomicInteger();
    public final Map<String, Store> stores = new ConcurrentHashMap<>();
    public volatile boolean refuseToOpen;
    public volatile boolean resizable = true;
    public volatile boolean unmaps;
    public volatile boolean keepsData = true;

    /** What opening does in place of what it should; null to do that. */
    public volatile BiFunction<BackstoreConfig, BackstoreContext, CompletionStage<Backstore>> opening;

    /** What making does in place of what it should. */
    public volatile Function<BackstoreConfig, CompletionStage<BackstoreConfig>> making;

    /** What closing does in place of what it should. */
    public volatile Function<Store, CompletionStage<Void>> closing;

    @Override
    public String type() {
        return "fake";
    }

    @Override
    public String description() {
        return "nothing";
    }

    @Override
    public List<BackstoreOption> options() {
        List<BackstoreOption> options = new ArrayList<>(List.of(
                new BackstoreOption("place", true, "where it is"),
                new BackstoreOption("colour", false, "how it looks"),
                new BackstoreOption("key", BackstoreOption.Type.SECRET, false, "a file with the key")));
        if (!keepsData) {
            options.add(BackstoreOption.RESTART);
        }
        return options;
    }

    @Override
    public boolean keepsData() {
        return keepsData;
    }

    @Override
    public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext context) {
        if (making != null) {
            return making.apply(config);
        }
        if (config.options().get("place").equals("nowhere")) {
            return CompletableFuture.failedFuture(new ConfigException("there is no such place"));
        }
        if (!made.add(config.name())) {
            takenOver.add(config.name());
        }
        return CompletableFuture.completedFuture(config);
    }

    @Override
    public CompletionStage<Void> undoCreate(BackstoreConfig config, BackstoreContext context) {
        if (!takenOver.remove(config.name())) {
            made.remove(config.name());
        }
        return Backstore.done();
    }

    @Override
    public CompletionStage<Backstore> open(BackstoreConfig config, BackstoreContext context) {
        openings.incrementAndGet();
        if (opening != null) {
            return opening.apply(config, context);
        }
        if (refuseToOpen) {
            return CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, "the place is locked"));
        }
        return CompletableFuture.completedFuture(store(config, context));
    }

    /** Opens a store as it should be. */
    public Store store(BackstoreConfig config, BackstoreContext context) {
        Store store = new Store(config, context);
        if (!open.add(config.name())) {
            throw new IllegalStateException(config.name() + " is open twice");
        }
        stores.put(config.name(), store);
        return store;
    }

    /** A store that takes everything and gives nothing. */
    public final class Store implements Backstore, Resize, Unmap, AllocatedSpace {

        public final AtomicInteger flushes = new AtomicInteger();
        public volatile BackstoreHealth health = BackstoreHealth.HEALTHY;

        /** What a write waits for. */
        public volatile CompletionStage<Void> writing = Backstore.done();

        /** What a flush waits for. */
        public volatile CompletionStage<Void> flushing = Backstore.done();

        /** What becoming larger waits for. */
        public volatile CompletionStage<Void> resizing = Backstore.done();

        /** What finding out the space in use waits for. */
        public volatile CompletionStage<Long> allocated = CompletableFuture.completedFuture(4096L);

        /** What is done when it is asked what it can. */
        public volatile Runnable asked = () -> {};

        private final BackstoreConfig config;
        private final BackstoreContext context;
        private volatile long blocks;

        Store(BackstoreConfig config, BackstoreContext context) {
            this.config = config;
            this.context = context;
            this.blocks = config.sizeBytes() / config.blockSize();
        }

        /** Changes the health and says so. */
        public void turn(BackstoreHealth.State state, String reason) {
            health = new BackstoreHealth(state, reason);
            context.raise(BackstoreEvent.HEALTH_CHANGED);
        }

        public void lose(String reason) {
            health = new BackstoreHealth(BackstoreHealth.State.FAILED, reason);
            context.raise(BackstoreEvent.HEALTH_CHANGED);
            context.raise(BackstoreEvent.LOST);
        }

        @Override
        public BlockGeometry geometry() {
            return new BlockGeometry(blocks, config.blockSize(), config.physicalBlockSize());
        }

        @Override
        public BackstoreHealth health() {
            return health;
        }

        @Override
        public <A> A ability(Class<A> kind) {
            asked.run();
            boolean can = (kind != Resize.class || resizable) && (kind != Unmap.class || unmaps);
            return can && kind.isInstance(this) ? kind.cast(this) : null;
        }

        @Override
        public CompletionStage<Void> read(long lba, ByteBuffer destination) {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
            return writing;
        }

        @Override
        public CompletionStage<Void> flush() {
            flushes.incrementAndGet();
            return flushing;
        }

        @Override
        public CompletionStage<Void> unmap(long lba, long count) {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Long> allocatedBytes() {
            return allocated;
        }

        @Override
        public CompletionStage<Void> resize(long newBlocks) {
            return resizing.thenRun(() -> blocks = newBlocks);
        }

        @Override
        public CompletionStage<Void> close() {
            if (closing != null) {
                return closing.apply(this);
            }
            return closeWell();
        }

        /** Closes as it should. */
        public CompletionStage<Void> closeWell() {
            open.remove(config.name());
            return Backstore.done();
        }
    }
}
