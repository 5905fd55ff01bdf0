package io.sluice.volume.claim;

import io.sluice.volume.claim.Node.State;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The claims of a gate by the blocks that they are for, so that a new one finds what it has to wait for without looking at
 * all that wait, and one that leaves knows who waited for it. Guarded by the gate.
 */
final class ClaimIndex {

    private final NavigableMap<Long, Segment> segments = new TreeMap<>();

    /** Claims that others waited for and that need not be waited for any more. */
    private final ArrayDeque<List<Node>> released = new ArrayDeque<>();

    private int exclusives;
    private long steps;

    /** Returns how many exclusive claims there are, withdrawn ones too as long as others rely on them. */
    int exclusives() {
        return exclusives;
    }

    boolean isEmpty() {
        return segments.isEmpty();
    }

    /** Returns how many segments and claims have been looked at: what the index has cost. */
    long steps() {
        return steps;
    }

    /** Adds a claim that is held already and waits for nobody. */
    void addHeld(Node node) {
        node.state = State.HELD;
        if (node.exclusive) {
            exclusives++;
        }
        forEachSegment(node, segment -> {
            if (node.exclusive) {
                segment.exclusives.add(node);
                segment.front.add(node);
            } else {
                segment.sharers.add(node);
            }
        });
    }

    /** Adds a claim behind all that it has to wait for; it is held if there is nothing. */
    void add(Node node) {
        if (node.exclusive) {
            exclusives++;
            forEachSegment(node, segment -> exclude(node, segment));
            forEachRange(node, this::unite);
        } else {
            forEachSegment(node, segment -> share(node, segment));
        }
        node.state = node.free() ? State.HELD : State.WAITING;
    }

    private void share(Node node, Segment segment) {
        if (segment.front.size() > 1) {
            // Many may come to wait for all of these: they wait for one that does.
            Node all = new Node(null, true, new long[] {segment.from, segment.to});
            all.state = State.WITHDRAWN;
            for (Node earlier : segment.front) {
                if (!earlier.passed) {
                    all.waitFor(earlier, true);
                }
                steps++;
            }
            segment.front.clear();
            if (!all.free()) {
                segment.front.add(all);
            }
        }
        for (Node earlier : segment.front) {
            if (!earlier.passed) {
                node.waitFor(earlier, true);
            }
            steps++;
        }
        segment.sharers.add(node);
    }

    private void exclude(Node node, Segment segment) {
        for (Node earlier : segment.exclusives) {
            node.waitFor(earlier, false);
            steps++;
        }
        for (Node earlier : segment.sharers) {
            node.waitFor(earlier, false);
            steps++;
        }
        segment.exclusives.clear();
        segment.front.clear();
        segment.sharers.clear();
        segment.exclusives.add(node);
        segment.front.add(node);
    }

    /** Takes a claim that is held away; those that become free by that are held now and are added to {@code granted}. */
    void leave(Node node, List<Claim> granted) {
        gone(node);
        release(granted);
    }

    /** Takes a waiting claim out of the queue; it stays as long as others rely on it. */
    void withdraw(Node node, List<Claim> granted) {
        node.state = State.WITHDRAWN;
        settle(node, granted);
        release(granted);
    }

    private void release(List<Claim> granted) {
        for (List<Node> next = released.poll(); next != null; next = released.poll()) {
            for (Node node : next) {
                steps++;
                settle(node, granted);
            }
        }
    }

    private void settle(Node node, List<Claim> granted) {
        if (node.state == State.WAITING && node.free()) {
            node.state = State.HELD;
            node.claim.held = true;
            granted.add(node.claim);
        } else if (node.state == State.WITHDRAWN) {
            if (node.exclusives == 0 && !node.passed) {
                node.passed = true;
                countDown(node.takeWaitingSharers(), true);
            }
            if (node.free()) {
                gone(node);
            }
        }
    }

    private void gone(Node node) {
        node.state = State.GONE;
        remove(node);
        if (node.claim != null && node.exclusive) {
            exclusives--;
        }
        countDown(node.takeWaitingSharers(), node.exclusive);
        countDown(node.takeWaitingExclusives(), node.exclusive);
    }

    private void countDown(List<Node> waiting, boolean forAnExclusive) {
        for (Node node : waiting) {
            if (forAnExclusive) {
                node.exclusives--;
            } else {
                node.sharers--;
            }
        }
        if (!waiting.isEmpty()) {
            released.add(waiting);
        }
    }

    private static void forEachRange(Node node, Claim.Range each) {
        node.ranges((from, to) -> {
            if (from < to) {
                each.at(from, to);
            }
        });
    }

    private interface Visitor {
        void at(Segment segment);
    }

    /** Visits segments that are exactly the blocks of a claim; those that are not there yet are made. */
    private void forEachSegment(Node node, Visitor visitor) {
        forEachRange(node, (from, to) -> {
            splitAt(from);
            splitAt(to);
            long next = from;
            while (next < to) {
                Segment segment = segments.get(next);
                if (segment == null) {
                    Long end = segments.higherKey(next);
                    segment = new Segment(next, end == null ? to : Math.min(to, end));
                    segments.put(next, segment);
                }
                steps++;
                visitor.at(segment);
                next = segment.to;
            }
        });
    }

    private void splitAt(long block) {
        Map.Entry<Long, Segment> before = segments.lowerEntry(block);
        if (before != null && before.getValue().to > block) {
            segments.put(block, before.getValue().splitAt(block));
        }
    }

    private void remove(Node node) {
        forEachRange(node, (from, to) -> {
            Long first = segments.floorKey(from);
            var touched = segments.subMap(first == null ? from : first, true, to, false)
                    .values()
                    .iterator();
            while (touched.hasNext()) {
                Segment segment = touched.next();
                steps++;
                segment.remove(node);
                if (segment.isEmpty()) {
                    touched.remove();
                }
            }
            unite(from);
            unite(to);
        });
    }

    /** What an exclusive claim is at is one segment. */
    private void unite(long from, long to) {
        Segment whole = segments.get(from);
        segments.subMap(from, false, to, false).clear();
        whole.to = to;
    }

    /** Two segments that nothing tells apart any more are one. */
    private void unite(long block) {
        Segment behind = segments.get(block);
        Map.Entry<Long, Segment> before = behind == null ? null : segments.lowerEntry(block);
        if (before != null && before.getValue().to == block && before.getValue().isSame(behind)) {
            before.getValue().to = behind.to;
            segments.remove(block);
        }
    }
}
