package io.sluice.scsi.history;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the clients of a history have in common.
 *
 * @param seed of what they do; when they do it is up to the threads
 * @param clients how many there are
 * @param blocks how many they fight for
 * @param commands how many each sends at least
 * @param clock ticks with whatever begins or ends
 * @param values the last one that was given out; no two writes have the same, but that of zeros
 */
record Plan(
        long seed, Sabotage sabotage, int clients, int blocks, int commands, AtomicLong clock, AtomicInteger values) {

    /** What is done wrong, so that the checker has something to find. */
    enum Sabotage {
        NONE,
        STORE_TEARS,
        STORE_ANSWERS_EARLY,
        /** Half of the clients claim their blocks at another gate. */
        NO_GATE,
        /** A client reads, compares by itself, and writes. */
        COMPARE_AND_WRITE_IN_TWO
    }

    static Plan of(long seed, Sabotage sabotage) {
        Random random = random(seed, -1);
        return new Plan(
                seed,
                sabotage,
                2 + random.nextInt(4),
                1 + random.nextInt(4),
                2 + random.nextInt(3),
                new AtomicLong(),
                new AtomicInteger());
    }

    /** Returns where a part of the history has its random numbers from; seeds that are neighbours have nothing in common. */
    Random random(int part) {
        return random(seed, part);
    }

    private static Random random(long seed, int part) {
        return new Random(new SplittableRandom(new SplittableRandom(seed).nextLong() + part).nextLong());
    }
}
