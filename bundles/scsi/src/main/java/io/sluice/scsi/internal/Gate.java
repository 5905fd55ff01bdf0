package io.sluice.scsi.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * Lets tasks pass that may run together and holds back those that may not: a {@link Claim} is shared or exclusive over a
 * range, and an exclusive one overlaps no other while it is held. Claims that overlap are granted in the order in which
 * they were made.
 *
 * <p>As long as nobody asks for an exclusive claim, passing costs one volatile write and one volatile read. Either the
 * shared claim sees the exclusive one, or the exclusive one finds the shared claim held: both write before they read.
 */
final class Gate {

    private final TaskSet tasks;
    private final Function<Execution, Claim> claimOf;

    /** Waiting claims, the oldest first. Guarded by this. */
    private final Deque<Claim> waiting = new ArrayDeque<>();

    /** How many exclusive claims wait or are held; written while this is locked. */
    private volatile int exclusives;

    /** Who asks for claims. */
    @FunctionalInterface
    interface Claimant {

        /** Goes on, because a claim that had to wait is held now. */
        void granted(Claim claim);
    }

    /** What one task asks of one gate. */
    static final class Claim {
        private long from;
        private long to;
        private boolean exclusive;
        private volatile boolean held;
        private final Claimant claimant;

        /** @param claimant whose claim it is */
        Claim(Claimant claimant) {
            this.claimant = claimant;
        }

        long from() {
            return from;
        }

        long to() {
            return to;
        }

        private boolean conflicts(Claim other) {
            return (exclusive || other.exclusive) && from < other.to && other.from < to;
        }
    }

    /**
     * Makes a gate.
     *
     * @param tasks those that may hold a claim
     * @param claimOf finds a task's claim
     */
    Gate(TaskSet tasks, Function<Execution, Claim> claimOf) {
        this.tasks = tasks;
        this.claimOf = claimOf;
    }

    /**
     * Asks for a shared claim.
     *
     * @return whether the claim is held now; otherwise its claimant is told later, on another thread
     */
    boolean share(Claim claim, long from, long to) {
        claim.from = from;
        claim.to = to;
        claim.held = true;
        if (exclusives == 0) {
            return true;
        }
        List<Claim> granted;
        synchronized (this) {
            claim.held = false;
            if (isFree(claim)) {
                claim.held = true;
                return true;
            }
            waiting.add(claim);
            granted = grant();
        }
        return run(granted, claim);
    }

    /** As {@link #share}, for an exclusive claim. */
    boolean exclude(Claim claim, long from, long to) {
        claim.from = from;
        claim.to = to;
        claim.exclusive = true;
        synchronized (this) {
            exclusives++;
            if (isFree(claim)) {
                claim.held = true;
                return true;
            }
            waiting.add(claim);
            return false;
        }
    }

    /** Takes an exclusive claim at once; others wait for it, but it waits for nobody. */
    void excludeAtHead(Claim claim, long from, long to) {
        claim.from = from;
        claim.to = to;
        claim.exclusive = true;
        synchronized (this) {
            exclusives++;
            claim.held = true;
        }
    }

    /** Gives a claim up, if it is held, and lets those go on that waited for it. */
    void leave(Claim claim) {
        if (!claim.held) {
            return;
        }
        claim.held = false;
        if (exclusives == 0) {
            return;
        }
        List<Claim> granted;
        synchronized (this) {
            if (claim.exclusive) {
                exclusives--;
            }
            granted = grant();
        }
        run(granted, null);
    }

    /**
     * Takes a claim out of the queue.
     *
     * @return whether it was waiting; its claimant will not be told then
     */
    boolean cancel(Claim claim) {
        List<Claim> granted;
        synchronized (this) {
            if (!waiting.remove(claim)) {
                return false;
            }
            if (claim.exclusive) {
                exclusives--;
            }
            granted = grant();
        }
        run(granted, null);
        return true;
    }

    private boolean isFree(Claim claim) {
        for (Claim earlier : waiting) {
            if (earlier == claim) {
                break;
            }
            if (earlier.conflicts(claim)) {
                return false;
            }
        }
        return tasks.stream().map(claimOf).noneMatch(other -> other != claim && other.held && other.conflicts(claim));
    }

    private List<Claim> grant() {
        List<Claim> granted = new ArrayList<>();
        for (Iterator<Claim> each = waiting.iterator(); each.hasNext(); ) {
            Claim claim = each.next();
            if (isFree(claim)) {
                claim.held = true;
                each.remove();
                granted.add(claim);
            }
        }
        return granted;
    }

    /** Lets granted claims go on, outside the lock; returns whether {@code own}, which its caller continues, is among them. */
    private static boolean run(List<Claim> granted, Claim own) {
        boolean ownGranted = false;
        for (Claim claim : granted) {
            if (claim == own) {
                ownGranted = true;
            } else {
                claim.claimant.granted(claim);
            }
        }
        return ownGranted;
    }
}
