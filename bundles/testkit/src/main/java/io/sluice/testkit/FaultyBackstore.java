package io.sluice.testkit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ForwardingBackstore;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A store that fails or holds chosen operations: the n-th write, say. An operation that fails does not reach the store
 * below; one that is held reaches it when the test lets it go. Nothing depends on time or chance.
 *
 * <p>Thread-safe.
 */
public final class FaultyBackstore extends ForwardingBackstore implements Unmap, WriteZeroes {

    private static final Set<Class<?>> PASSED = Set.of(Resize.class, AllocatedSpace.class, ExtentMap.class);

    /** The operations that can be chosen. */
    public enum Operation {
        READ,
        WRITE,
        FLUSH,
        UNMAP,
        WRITE_ZEROES
    }

    private final Map<Operation, Integer> counts = new EnumMap<>(Operation.class);
    private final Map<Operation, Map<Integer, CompletableFuture<Void>>> gates = new EnumMap<>(Operation.class);
    private final Map<Integer, Function<Operation, BackstoreException>> failures = new HashMap<>();

    /** @param delegate the store below */
    public FaultyBackstore(Backstore delegate) {
        super(delegate);
    }

    /** Returns how many operations of a kind have been asked for. */
    public synchronized int count(Operation operation) {
        return counts.getOrDefault(operation, 0);
    }

    /**
     * Lets an operation fail.
     *
     * @param n which one from now on: 1 is the next
     */
    public void fail(Operation operation, int n, BackstoreException failure) {
        hold(operation, n).completeExceptionally(failure);
    }

    /** Returns how many operations of all kinds have been asked for. */
    public synchronized int count() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * Lets an operation fail, whatever it is.
     *
     * @param n which one from now on: 1 is the next
     * @param failure told what it is when it comes
     */
    public synchronized void fail(int n, Function<Operation, BackstoreException> failure) {
        failures.put(count() + n, failure);
    }

    /**
     * Holds an operation back.
     *
     * @param n which one from now on: 1 is the next
     * @return the test completes it to let the operation go, or completes it exceptionally to let it fail
     */
    public synchronized CompletableFuture<Void> hold(Operation operation, int n) {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        gates.computeIfAbsent(operation, kind -> new HashMap<>()).put(count(operation) + n, gate);
        return gate;
    }

    @Override
    protected boolean passes(Class<?> ability) {
        return PASSED.contains(ability);
    }

    private CompletionStage<Void> pass(Operation operation, Supplier<CompletionStage<Void>> below) {
        CompletableFuture<Void> gate;
        synchronized (this) {
            int number = counts.merge(operation, 1, Integer::sum);
            gate = gates.getOrDefault(operation, Map.of()).get(number);
            Function<Operation, BackstoreException> failure = failures.get(count());
            if (failure != null) {
                gate = CompletableFuture.failedFuture(failure.apply(operation));
            }
        }
        // compose() on the gate would wrap its failure; a caller has to see the exception itself.
        if (gate == null) {
            return below.get();
        }
        CompletableFuture<Void> result = new CompletableFuture<>();
        gate.whenComplete((open, failure) -> {
            if (failure == null) {
                below.get().whenComplete((done, broken) -> Stages.end(result, done, broken));
            } else {
                Stages.end(result, null, failure);
            }
        });
        return result;
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        return pass(Operation.READ, () -> super.read(lba, destination));
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        return pass(Operation.WRITE, () -> super.write(lba, source, durability));
    }

    @Override
    public CompletionStage<Void> flush() {
        return pass(Operation.FLUSH, super::flush);
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long blocks) {
        return pass(Operation.UNMAP, () -> delegate().ability(Unmap.class).unmap(lba, blocks));
    }

    @Override
    public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        return pass(
                Operation.WRITE_ZEROES,
                () -> delegate().ability(WriteZeroes.class).writeZeroes(lba, blocks, durability));
    }
}
