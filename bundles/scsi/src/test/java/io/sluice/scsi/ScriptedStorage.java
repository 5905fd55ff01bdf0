package io.sluice.scsi;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;

/**
 * A store with a cache, and the state of its unit, which do one small step after the other: a block that is written, a flush,
 * a file that is replaced. Each step may fail, and before each the process may be killed or the power go off. What survives
 * is {@link #afterKill} or {@link #afterPowerLoss}.
 */
public final class ScriptedStorage {

    public static final int BLOCK = 512;

    private final Map<Long, UnitStateStore.Intent> files;
    private final byte[] cache;
    private final byte[] medium;

    /** What was written to each block since the last flush, and may be on the medium or not. */
    private final Map<Integer, List<byte[]>> written = new HashMap<>();

    public final Store store = new Store();
    public final State state = new State();
    private int steps;
    private int killAt = Integer.MAX_VALUE;
    private IntPredicate failing = step -> false;
    private Fault fault = Fault.WRITE_FAILED;

    public ScriptedStorage(byte[] content) {
        this(content.clone(), content.clone(), new HashMap<>());
    }

    private ScriptedStorage(byte[] cache, byte[] medium, Map<Long, UnitStateStore.Intent> files) {
        this.cache = cache;
        this.medium = medium;
        this.files = files;
    }

    /** Steps for which this is true fail. */
    public ScriptedStorage failing(Fault with, IntPredicate which) {
        fault = with;
        failing = which;
        return this;
    }

    /** From this step on nothing happens any more. */
    public ScriptedStorage killAt(int step) {
        killAt = step;
        return this;
    }

    public int steps() {
        return steps;
    }

    public int filesLeft() {
        return files.size();
    }

    /** The same after the process was killed: what is in the cache of the system stays. */
    public ScriptedStorage afterKill() {
        ScriptedStorage next = new ScriptedStorage(cache.clone(), medium.clone(), new HashMap<>(files));
        written.forEach((at, values) -> next.written.put(at, new ArrayList<>(values)));
        return next;
    }

    /** The same after a power loss: each block is what was flushed, or any of what was written to it since. */
    public ScriptedStorage afterPowerLoss(Random random) {
        byte[] image = medium.clone();
        int likelihood = random.nextInt(101);
        written.forEach((at, values) -> {
            if (random.nextInt(100) < likelihood) {
                System.arraycopy(values.get(random.nextInt(values.size())), 0, image, at, BLOCK);
            }
        });
        return new ScriptedStorage(image.clone(), image, new HashMap<>(files));
    }

    private enum Step {
        GOES,
        FAILS,
        DEAD
    }

    private Step step() {
        if (steps >= killAt) {
            return Step.DEAD;
        }
        return failing.test(steps++) ? Step.FAILS : Step.GOES;
    }

    private static CompletionStage<Void> never() {
        return new CompletableFuture<>();
    }

    /** The store. */
    public final class Store implements Backstore {

        private CompletionStage<Void> failed() {
            return CompletableFuture.failedFuture(new BackstoreException(fault, "on purpose"));
        }

        private CompletionStage<Void> perform(Runnable work) {
            return switch (step()) {
                case DEAD -> never();
                case FAILS -> failed();
                case GOES -> {
                    work.run();
                    yield Backstore.done();
                }
            };
        }

        @Override
        public BlockGeometry geometry() {
            return new BlockGeometry(cache.length / BLOCK, BLOCK);
        }

        @Override
        public CompletionStage<Void> read(long lba, ByteBuffer destination) {
            return perform(() -> destination.put(cache, (int) lba * BLOCK, destination.remaining()));
        }

        @Override
        public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
            int length = Arrays.stream(source).mapToInt(ByteBuffer::remaining).sum();
            ByteBuffer data = ByteBuffer.allocate(length);
            Arrays.stream(source).forEach(data::put);
            data.flip();
            int at = (int) lba * BLOCK;
            while (data.hasRemaining()) {
                int offset = at;
                CompletionStage<Void> block = perform(() -> writeBlock(offset, data));
                if (block != Backstore.done()) {
                    return block;
                }
                at += BLOCK;
            }
            return durability == Durability.STABLE ? flush() : Backstore.done();
        }

        private void writeBlock(int at, ByteBuffer data) {
            data.get(cache, at, BLOCK);
            written.computeIfAbsent(at, block -> new ArrayList<>()).add(Arrays.copyOfRange(cache, at, at + BLOCK));
        }

        @Override
        public CompletionStage<Void> flush() {
            return perform(() -> {
                System.arraycopy(cache, 0, medium, 0, cache.length);
                written.clear();
            });
        }

        @Override
        public CompletionStage<Void> close() {
            return Backstore.done();
        }
    }

    /** What is kept aside; a change fails before it is made, or after it: then it counts, but nobody knows. */
    public final class State implements UnitStateStore {

        private CompletionStage<Void> perform(Runnable work) {
            for (int i = 0; i < 2; i++) {
                Step step = step();
                if (step == Step.DEAD) {
                    return never();
                }
                if (step == Step.FAILS) {
                    return CompletableFuture.failedFuture(new IOException("on purpose"));
                }
                if (i == 0) {
                    work.run();
                }
            }
            return Backstore.done();
        }

        @Override
        public UnitState load() {
            return UnitState.NEW;
        }

        @Override
        public CompletionStage<Void> save(UnitState changed) {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> saveIntent(long id, long lba, ByteBuffer[] data) {
            ByteBuffer copy = ByteBuffer.allocate(
                    Arrays.stream(data).mapToInt(ByteBuffer::remaining).sum());
            for (ByteBuffer part : data) {
                copy.put(part.duplicate());
            }
            return perform(() -> files.put(id, new Intent(id, lba, copy.flip())));
        }

        @Override
        public CompletionStage<Void> clearIntent(long id) {
            return perform(() -> files.remove(id));
        }

        @Override
        public List<Intent> loadIntents() {
            return List.copyOf(files.values());
        }
    }
}
