package io.sluice.volume.claim;

import io.sluice.volume.claim.Node.State;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Lets pass what may run together and holds back what may not: a {@link Claim} is shared or exclusive over ranges, and an
 * exclusive one overlaps no other while it is held. Claims that overlap are granted in the order in which they were made,
 * and a grant costs the same however many wait.
 *
 * <p>As long as nobody asks for an exclusive claim, passing costs one volatile write and one volatile read. Either the
 * shared claim sees the exclusive one, or the exclusive one finds the shared claim held: both write before they read. With
 * the first exclusive claim, those that are held are taken into an index, and from then on all claims go through that, until
 * nobody is exclusive any more.
 *
 * <p>Thread-safe; a claim is used by one thread at a time, but for {@link #withdraw}.
 */
public final class Gate {

    /** Shows all claims that may be held to somebody. */
    private final Consumer<Consumer<Claim>> holders;

    /** Guarded by this. */
    private final ClaimIndex index = new ClaimIndex();

    /** How many exclusive claims there are; written while this is locked. */
    private volatile int exclusives;

    /**
     * Makes a gate.
     *
     * @param holders shows every claim to its argument that may be held, others too. One that shares has to be among them
     *     before it is asked for, and as long as it is held.
     */
    public Gate(Consumer<Consumer<Claim>> holders) {
        this.holders = holders;
    }

    /**
     * Asks for a shared claim.
     *
     * @param from first block
     * @param to the block behind the last one
     * @return whether the claim is held now; otherwise its claimant is told later, on any thread
     */
    public boolean share(Claim claim, long from, long to) {
        claim.from = from;
        claim.to = to;
        return share(claim);
    }

    /**
     * As {@link #share(Claim, long, long)}, for several ranges.
     *
     * @param ranges first block and the one behind the last of each; they may overlap
     */
    public boolean share(Claim claim, long[] ranges) {
        claim.node = new Node(claim, false, ranges);
        return share(claim);
    }

    private boolean share(Claim claim) {
        claim.held = true;
        return exclusives == 0 || shareInIndex(claim);
    }

    private synchronized boolean shareInIndex(Claim claim) {
        Node node = nodeOf(claim);
        if (node.state == State.NEW) {
            // Nobody has found it held.
            claim.held = false;
            index.add(node);
            claim.held = node.state == State.HELD;
        }
        return claim.held;
    }

    /** As {@link #share(Claim, long, long)}, for an exclusive claim. */
    public synchronized boolean exclude(Claim claim, long from, long to) {
        Node node = exclusive(claim, from, to);
        index.add(node);
        claim.held = node.state == State.HELD;
        return claim.held;
    }

    /** Takes an exclusive claim at once; later ones wait for it, but it waits for nobody. */
    public synchronized void excludeAtHead(Claim claim, long from, long to) {
        index.addHeld(exclusive(claim, from, to));
        claim.held = true;
    }

    private Node exclusive(Claim claim, long from, long to) {
        claim.from = from;
        claim.to = to;
        claim.exclusive = true;
        if (exclusives++ == 0) {
            holders.accept(this::take);
        }
        return nodeOf(claim);
    }

    /** Takes a claim into the index that was granted without it. */
    private void take(Claim claim) {
        if (claim.held) {
            Node node = nodeOf(claim);
            if (node.state == State.NEW) {
                index.addHeld(node);
            }
        }
    }

    private static Node nodeOf(Claim claim) {
        if (claim.node == null) {
            claim.node = new Node(claim, claim.exclusive, null);
        }
        return claim.node;
    }

    /** Gives a claim up, if it is held, and lets those go on that waited for it. */
    public void leave(Claim claim) {
        if (!claim.held) {
            return;
        }
        claim.held = false;
        // With no exclusive claim it may be in the index all the same, and then was taken into it before this read.
        if (exclusives == 0 && claim.node == null) {
            return;
        }
        List<Claim> granted = new ArrayList<>(1);
        synchronized (this) {
            Node node = claim.node;
            if (node == null || node.state != State.HELD) {
                return;
            }
            index.leave(node, granted);
            exclusives = index.exclusives();
        }
        Grants.run(granted);
    }

    /**
     * Takes a claim out of the queue.
     *
     * @return whether it was waiting; its claimant will not be told then
     */
    public boolean withdraw(Claim claim) {
        List<Claim> granted = new ArrayList<>(1);
        synchronized (this) {
            Node node = claim.node;
            if (node == null || node.state != State.WAITING) {
                return false;
            }
            index.withdraw(node, granted);
            exclusives = index.exclusives();
        }
        Grants.run(granted);
        return true;
    }

    /** Returns what the index has cost; see {@link ClaimIndex#steps}. */
    synchronized long steps() {
        return index.steps();
    }

    /** Returns whether the next shared claim needs no index, and nothing is left in that. */
    synchronized boolean isIdle() {
        return exclusives == 0 && index.isEmpty();
    }
}
