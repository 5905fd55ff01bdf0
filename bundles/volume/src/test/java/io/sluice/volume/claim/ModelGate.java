package io.sluice.volume.claim;

import java.util.ArrayList;
import java.util.List;

/** A gate as simple as can be: every question is answered by looking at all claims, oldest first. */
final class ModelGate {

    final List<Entry> entries = new ArrayList<>();

    /** A claim. */
    static final class Entry {
        final int id;
        final boolean exclusive;
        final long[] ranges;
        boolean held;

        Entry(int id, boolean exclusive, long[] ranges) {
            this.id = id;
            this.exclusive = exclusive;
            this.ranges = ranges;
        }

        boolean conflicts(Entry other) {
            return (exclusive || other.exclusive) && overlaps(other);
        }

        private boolean overlaps(Entry other) {
            for (int i = 0; i < ranges.length; i += 2) {
                for (int k = 0; k < other.ranges.length; k += 2) {
                    if (ranges[i] < other.ranges[k + 1] && other.ranges[k] < ranges[i + 1]) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    Entry add(int id, boolean exclusive, boolean atHead, long[] ranges) {
        Entry entry = new Entry(id, exclusive, ranges);
        entries.add(entry);
        entry.held = atHead;
        grant();
        return entry;
    }

    void remove(Entry entry) {
        entries.remove(entry);
        grant();
    }

    boolean isFree(Entry entry) {
        for (Entry earlier : entries) {
            if (earlier == entry) {
                return true;
            }
            if (earlier.conflicts(entry)) {
                return false;
            }
        }
        return true;
    }

    private void grant() {
        for (Entry entry : entries) {
            entry.held |= isFree(entry);
        }
    }
}
