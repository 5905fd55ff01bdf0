package io.sluice.volume.claim;

import java.util.ArrayList;
import java.util.List;

/**
 * A claim's place in a {@link ClaimIndex}: how many others it waits for, and who waits for it. Guarded by the gate.
 *
 * <p>One that was withdrawn while it waited stays until what it waited for is gone, because others may rely on its having
 * waited. Those who share do not rely on its having waited for others who share.
 */
final class Node {

    /** What has become of the claim. */
    enum State {
        NEW,
        WAITING,
        HELD,
        WITHDRAWN,
        GONE
    }

    /** Null if it stands for several others, which those wait for together that share. */
    final Claim claim;

    final boolean exclusive;

    /** First and end of each range, one after the other; null if there is one, which is the claim's. */
    private final long[] ranges;

    State state = State.NEW;

    /** How many claims it waits for, of each kind. */
    int exclusives;

    int sharers;

    /** Whether nobody who shares has to wait for it any more, though it is still there. */
    boolean passed;

    private List<Node> waitingSharers = List.of();
    private List<Node> waitingExclusives = List.of();

    Node(Claim claim, boolean exclusive, long[] ranges) {
        this.claim = claim;
        this.exclusive = exclusive;
        this.ranges = ranges;
    }

    void ranges(Claim.Range each) {
        if (ranges == null) {
            each.at(claim.from, claim.to);
            return;
        }
        for (int i = 0; i < ranges.length; i += 2) {
            each.at(ranges[i], ranges[i + 1]);
        }
    }

    /** Waits for another, once; as one who shares, or as an exclusive claim. */
    void waitFor(Node earlier, boolean asSharer) {
        List<Node> behind = asSharer ? earlier.waitingSharers : earlier.waitingExclusives;
        // All that one claim waits for is found before the next claim comes, so a second time would be the last entry.
        if (!behind.isEmpty() && behind.get(behind.size() - 1) == this) {
            return;
        }
        if (behind.isEmpty()) {
            behind = new ArrayList<>(2);
            if (asSharer) {
                earlier.waitingSharers = behind;
            } else {
                earlier.waitingExclusives = behind;
            }
        }
        behind.add(this);
        if (earlier.exclusive) {
            exclusives++;
        } else {
            sharers++;
        }
    }

    boolean free() {
        return exclusives == 0 && sharers == 0;
    }

    List<Node> takeWaitingSharers() {
        List<Node> taken = waitingSharers;
        waitingSharers = List.of();
        return taken;
    }

    List<Node> takeWaitingExclusives() {
        List<Node> taken = waitingExclusives;
        waitingExclusives = List.of();
        return taken;
    }
}
