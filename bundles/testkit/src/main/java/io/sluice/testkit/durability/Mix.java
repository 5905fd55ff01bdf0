package io.sluice.testkit.durability;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/**
 * How often each operation is done, and how large it is.
 *
 * @param weights one in the sum of all weights
 * @param maxBlocks the most blocks of one command; small commands are more frequent than large ones
 */
public record Mix(Map<Operation, Integer> weights, int maxBlocks) {

    public Mix {
        weights = Map.copyOf(weights);
    }

    /** Returns a mix of all operations. */
    public static Mix everything(int maxBlocks) {
        Map<Operation, Integer> weights = new EnumMap<>(plain(maxBlocks).weights);
        weights.put(Operation.WRITE_ATOMIC, 10);
        weights.put(Operation.COMPARE_AND_WRITE, 8);
        weights.put(Operation.WRITE_SAME, 4);
        weights.put(Operation.UNMAP, 6);
        return new Mix(weights, maxBlocks);
    }

    /** Returns a mix of READ, WRITE, FUA and SYNCHRONIZE CACHE. */
    public static Mix plain(int maxBlocks) {
        return new Mix(
                Map.of(
                        Operation.READ, 10,
                        Operation.WRITE, 40,
                        Operation.WRITE_FUA, 12,
                        Operation.SYNCHRONIZE_CACHE, 10),
                maxBlocks);
    }

    /** Returns the same mix without an operation. */
    Mix without(Operation operation) {
        Map<Operation, Integer> others = new EnumMap<>(weights);
        others.remove(operation);
        return new Mix(others, maxBlocks);
    }

    Operation next(Random random) {
        int left = random.nextInt(
                weights.values().stream().mapToInt(Integer::intValue).sum());
        // In the order of the operations, so that a seed always gives the same.
        for (Operation operation : Operation.values()) {
            left -= weights.getOrDefault(operation, 0);
            if (left < 0) {
                return operation;
            }
        }
        throw new AssertionError("no operation");
    }

    /** Returns how many blocks a command is about: each doubling is as frequent as the next one. */
    int nextBlocks(Random random) {
        int doublings = 32 - Integer.numberOfLeadingZeros(maxBlocks);
        int bound = 1 << random.nextInt(doublings);
        return Math.min(maxBlocks, bound + random.nextInt(bound));
    }
}
