package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A kind of storage with places that keep bytes and that one backstore at a time can have open. */
final class BytesProvider implements BackstoreProvider {

    final Map<String, byte[]> places = new ConcurrentHashMap<>();
    final Set<String> open = ConcurrentHashMap.newKeySet();

    /** What writes to a place answer, where that is not at once. */
    final Map<String, CompletionStage<Void>> answers = new ConcurrentHashMap<>();

    /** Places that have been written and did not answer at once. */
    final Set<String> writing = ConcurrentHashMap.newKeySet();

    /** What making a place waits for, where that is not done at once. */
    final Map<String, CompletionStage<Void>> makings = new ConcurrentHashMap<>();

    /** What flushes of a place do, where they are not done at once. */
    final Map<String, Supplier<CompletionStage<Void>>> flushes = new ConcurrentHashMap<>();

    /** What closing a place waits for, where that is not done at once. */
    final Map<String, CompletionStage<Void>> closings = new ConcurrentHashMap<>();

    /** Places that are being closed, and are not closed yet. */
    final Set<String> closing = ConcurrentHashMap.newKeySet();

    /** What was done to stores that are closed, or are being used. */
    final List<String> misuse = new CopyOnWriteArrayList<>();

    private final List<WeakReference<Object>> stores = new CopyOnWriteArrayList<>();

    /** Returns all stores that were opened, in order, as far as anybody else still holds them. */
    List<WeakReference<Object>> stores() {
        return stores;
    }

    @Override
    public String type() {
        return "bytes";
    }

    @Override
    public String description() {
        return "bytes";
    }

    @Override
    public List<BackstoreOption> options() {
        return List.of(
                new BackstoreOption("place", true, "where"),
                new BackstoreOption("createFrom", false, "is not looked at"));
    }

    @Override
    public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext context) {
        String place = config.options().get("place");
        if (open.contains(place)) {
            return CompletableFuture.failedFuture(new ConfigException(place + " is in use"));
        }
        places.computeIfAbsent(place, missing -> new byte[(int) config.sizeBytes()]);
        return makings.getOrDefault(place, Backstore.done()).thenApply(made -> config);
    }

    @Override
    public CompletionStage<Void> undoCreate(BackstoreConfig config, BackstoreContext context) {
        places.remove(config.options().get("place"));
        return Backstore.done();
    }

    @Override
    public CompletionStage<Backstore> open(BackstoreConfig config, BackstoreContext context) {
        String place = config.options().get("place");
        byte[] bytes = places.get(place);
        if (bytes == null || !open.add(place)) {
            return CompletableFuture.failedFuture(
                    new BackstoreException(Fault.NOT_READY, place + " is not there, or in use"));
        }
        Place opened = new Place(place, bytes, config.blockSize());
        stores.add(new WeakReference<>(opened));
        return CompletableFuture.completedFuture(opened);
    }

    private final class Place implements Backstore {
        private final String place;
        private final byte[] bytes;
        private final int blockSize;
        private final AtomicInteger underWay = new AtomicInteger();
        private volatile boolean closed;

        Place(String place, byte[] bytes, int blockSize) {
            this.place = place;
            this.bytes = bytes;
            this.blockSize = blockSize;
        }

        @Override
        public BlockGeometry geometry() {
            return new BlockGeometry(bytes.length / blockSize, blockSize);
        }

        @Override
        public synchronized CompletionStage<Void> read(long lba, ByteBuffer destination) {
            requireOpen("read");
            destination.put(bytes, (int) lba * blockSize, destination.remaining());
            return Backstore.done();
        }

        @Override
        public synchronized CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
            requireOpen("written");
            int at = (int) lba * blockSize;
            for (ByteBuffer part : source) {
                int length = part.remaining();
                part.get(bytes, at, length);
                at += length;
            }
            CompletionStage<Void> answer = answers.getOrDefault(place, Backstore.done());
            if (answer == Backstore.done()) {
                return answer;
            }
            underWay.incrementAndGet();
            writing.add(place);
            return answer.whenComplete((done, failure) -> underWay.decrementAndGet());
        }

        private void requireOpen(String what) {
            if (closed) {
                misuse.add(place + " is " + what + " after it was closed");
            }
        }

        @Override
        public CompletionStage<Void> flush() {
            requireOpen("flushed");
            return flushes.getOrDefault(place, Backstore::done).get();
        }

        @Override
        public CompletionStage<Void> close() {
            requireOpen("closed");
            closed = true;
            if (underWay.get() > 0) {
                misuse.add(place + " is closed while it is written");
            }
            closing.add(place);
            return closings.getOrDefault(place, Backstore.done()).whenComplete((done, failure) -> {
                closing.remove(place);
                open.remove(place);
            });
        }
    }
}
