package io.sluice.volume;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Operations that wait for a store, the oldest first, and how long they may. Guarded by its volume. */
final class HoldQueue {

    private final VolumeSettings settings;
    private final TimeSpent waited;
    private Deque<Operation<?>> waiting = new ArrayDeque<>();
    private long untilNanos;

    /** @param waited takes the time in which somebody waits */
    HoldQueue(VolumeSettings settings, TimeSpent waited) {
        this.settings = settings;
        this.waited = waited;
        begin();
    }

    /** The store is not there from now on. */
    void begin() {
        untilNanos = System.nanoTime() + settings.holdTime().toNanos();
    }

    /** Nobody may wait any more. */
    void end() {
        untilNanos = System.nanoTime();
    }

    /** Returns whether who comes now may wait. */
    boolean open() {
        return !expired(System.nanoTime()) && waiting.size() < settings.holdLimit();
    }

    boolean expired(long nowNanos) {
        return nowNanos - untilNanos >= 0;
    }

    void add(Operation<?> operation) {
        if (waiting.isEmpty()) {
            waited.begin();
        }
        waiting.add(operation);
    }

    int size() {
        return waiting.size();
    }

    /** Removes and returns all. */
    List<Operation<?>> take() {
        List<Operation<?>> taken = List.copyOf(waiting);
        if (!taken.isEmpty()) {
            waited.end();
        }
        waiting = new ArrayDeque<>();
        return taken;
    }
}
