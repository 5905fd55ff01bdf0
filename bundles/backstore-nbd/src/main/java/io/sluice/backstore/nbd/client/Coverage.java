package io.sluice.backstore.nbd.client;

import java.util.Map;
import java.util.TreeMap;

/** Which bytes of a read have come already: each has to, once, in parts of any order. Used on one event loop. */
final class Coverage {

    /** More parts apart from each other than a server in its right mind ever has under way. */
    private static final int MOST_ISLANDS = 1024;

    /** All before it has come. */
    private int filled;

    /** What has come behind it: begin and end; null until something does. */
    private TreeMap<Integer, Integer> islands;

    void reset() {
        filled = 0;
        islands = null;
    }

    /** Takes note of bytes; false if one of them has come before, or if they are in too many pieces. */
    boolean add(int at, int length) {
        if (at == filled && (islands == null || islands.isEmpty())) {
            filled += length;
            return true;
        }
        return at >= filled && addIsland(at, at + length);
    }

    private boolean addIsland(int begin, int end) {
        if (islands == null) {
            islands = new TreeMap<>();
        }
        Map.Entry<Integer, Integer> before = islands.floorEntry(begin);
        Map.Entry<Integer, Integer> after = islands.ceilingEntry(begin);
        boolean overlaps = before != null && before.getValue() > begin || after != null && after.getKey() < end;
        if (overlaps || islands.size() >= MOST_ISLANDS) {
            return false;
        }
        int from = begin;
        int to = end;
        if (before != null && before.getValue() == begin) {
            from = before.getKey();
        }
        if (after != null && after.getKey() == end) {
            to = islands.remove(end);
        }
        islands.put(from, to);
        if (from == filled) {
            filled = islands.remove(from);
        }
        return true;
    }

    /** Returns whether everything has come. */
    boolean isComplete(int length) {
        return filled == length;
    }
}
