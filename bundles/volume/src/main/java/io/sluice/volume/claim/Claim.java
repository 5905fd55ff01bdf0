package io.sluice.volume.claim;

/**
 * What somebody asks of one {@link Gate}: one range or several, shared or exclusive. It is used once. What it asks for is
 * written before {@link #held} is, and does not change afterwards.
 */
public final class Claim {

    long from;
    long to;
    boolean exclusive;
    volatile boolean held;

    /** Its place in the index of its gate; null as long as it has none and is of one range. Guarded by the gate. */
    Node node;

    private final Claimant claimant;

    /** @param claimant whose claim it is */
    public Claim(Claimant claimant) {
        this.claimant = claimant;
    }

    /** What is told of a range of a claim. */
    @FunctionalInterface
    public interface Range {

        /** Takes notice of a range: its first block, and the one behind its last. */
        void at(long from, long to);
    }

    /** Tells of each range that was asked for. */
    public void ranges(Range each) {
        Node place = node;
        if (place == null) {
            each.at(from, to);
        } else {
            place.ranges(each);
        }
    }

    Claimant claimant() {
        return claimant;
    }
}
