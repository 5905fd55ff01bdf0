package io.sluice.volume.claim;

import java.util.LinkedHashSet;
import java.util.Set;

/** Blocks that the same claims are at: those of them that a later claim has to wait for. Guarded by the gate. */
final class Segment {

    final long from;
    long to;

    /** Exclusive claims that a later exclusive one waits for: all others are waited for by one of these. */
    final Set<Node> exclusives;

    /** What a later claim waits for that shares: the exclusive claims, or one that stands for several of them. */
    final Set<Node> front;

    /** Claims that share and came after the last exclusive one that waits for its turn. */
    final Set<Node> sharers;

    Segment(long from, long to) {
        this(from, to, Set.of(), Set.of(), Set.of());
    }

    private Segment(long from, long to, Set<Node> exclusives, Set<Node> front, Set<Node> sharers) {
        this.from = from;
        this.to = to;
        this.exclusives = new LinkedHashSet<>(exclusives);
        this.front = new LinkedHashSet<>(front);
        this.sharers = new LinkedHashSet<>(sharers);
    }

    /** Cuts the blocks from one on off. */
    Segment splitAt(long block) {
        Segment rest = new Segment(block, to, exclusives, front, sharers);
        to = block;
        return rest;
    }

    boolean isEmpty() {
        return exclusives.isEmpty() && front.isEmpty() && sharers.isEmpty();
    }

    boolean isSame(Segment other) {
        return exclusives.equals(other.exclusives) && front.equals(other.front) && sharers.equals(other.sharers);
    }

    void remove(Node node) {
        exclusives.remove(node);
        front.remove(node);
        sharers.remove(node);
    }
}
