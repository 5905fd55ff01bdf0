package io.sluice.iscsi.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The last things of a row without end, within a budget of bytes: the oldest go. Any thread; whoever adds something waits for
 * nobody for longer than it takes to copy a few references.
 */
final class TraceRing<T> {

    private static final int FIRST_SLOTS = 256;

    /** What one thing takes beside its own bytes. */
    private static final int OVERHEAD = 16;

    private final long budget;
    private Object[] things = new Object[FIRST_SLOTS];
    private int[] weights = new int[FIRST_SLOTS];
    private long first;
    private long next;
    private long bytes;

    /** @param budget bytes that all may take; one thing is always kept */
    TraceRing(long budget) {
        this.budget = budget;
    }

    /**
     * What is there of a stretch.
     *
     * @param things in their order
     * @param from number of the first of them, or of the next one that there will be
     */
    record Part<T>(List<T> things, long from) {}

    /** @param weight bytes that it takes */
    synchronized void add(T thing, int weight) {
        if (next - first == things.length) {
            grow();
        }
        int slot = slot(next);
        things[slot] = thing;
        weights[slot] = weight + OVERHEAD;
        bytes += weights[slot];
        next++;
        while (bytes > budget && next - first > 1) {
            int oldest = slot(first);
            bytes -= weights[oldest];
            things[oldest] = null;
            first++;
        }
    }

    private int slot(long number) {
        return (int) (number & things.length - 1);
    }

    private void grow() {
        Object[] before = things;
        int[] weightsBefore = weights;
        things = new Object[before.length * 2];
        weights = new int[things.length];
        for (long number = first; number < next; number++) {
            int old = (int) (number & before.length - 1);
            things[slot(number)] = before[old];
            weights[slot(number)] = weightsBefore[old];
        }
    }

    /** Returns what is there from a number on. */
    @SuppressWarnings("unchecked")
    synchronized Part<T> from(long number, int most) {
        long begin = Math.min(next, Math.max(first, number));
        long end = Math.min(next, begin + most);
        List<T> part = new ArrayList<>((int) (end - begin));
        for (long i = begin; i < end; i++) {
            part.add((T) things[slot(i)]);
        }
        return new Part<>(part, begin);
    }

    /** Lets go of all; numbers go on. */
    synchronized void clear() {
        Arrays.fill(things, null);
        first = next;
        bytes = 0;
    }

    /** Returns how many have been added. */
    synchronized long count() {
        return next;
    }

    /** Returns how many are there. */
    synchronized long kept() {
        return next - first;
    }

    /** Returns the bytes that they take. */
    synchronized long bytes() {
        return bytes;
    }
}
