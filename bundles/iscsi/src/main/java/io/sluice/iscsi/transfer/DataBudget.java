package io.sluice.iscsi.transfer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The memory of the process for data of initiators, whatever the data is: what comes with or behind a command unasked, what
 * is asked for, what is read and not yet sent. An initiator has a share, however many connections it opens, and each of them
 * a part of that, so that a path that hangs leaves something to the other one. What comes unasked may take half of each, and
 * what is asked for the other half: commands that wait for the rest of their data can have it, and those that bring data
 * along are not refused because others wait. Of all memory what is asked for may take three quarters. A reserve is for small
 * requests of who holds little.
 *
 * <p>Thread-safe: the one lock is here, and nothing is called under it.
 */
public final class DataBudget {

    /** The least that makes sense, in bytes: less could not hold the longest command besides what it waits for. */
    public static final long MINIMUM = 40L << 20;

    private static final long MINIMUM_SHARE = 20L << 20;
    private static final long MINIMUM_PART = 16L << 20;
    private static final int SHARES = 4;
    private static final int RESERVES = 16;
    private static final long SMALL = 64 << 10;
    private static final long LITTLE = 1 << 20;

    private final Level all;
    private final long share;
    private final long part;
    private final long reserve;
    private final Map<Owner, Level> shares = new HashMap<>();
    /** Connections that wait for memory, the next one first. */
    private final Set<ConnectionBudget> waiting = new LinkedHashSet<>();
    /** Whether somebody waits for memory that is not his own limit: then nobody is to overtake him with a large request. */
    private boolean starved;

    /** An initiator, as far as memory is concerned. */
    private record Owner(String initiator, String address) {}

    /** What is used of the process, of an initiator or of a connection. */
    static final class Level {
        private final long limit;
        private final long askedLimit;
        private int connections;
        private long used;
        /** Also read without the lock, to see whether it gets tight. */
        private volatile long unasked;

        Level(long limit, long askedLimit) {
            this.limit = limit;
            this.askedLimit = askedLimit;
        }

        private boolean fits(long bytes, boolean isUnasked, long kept, long extra) {
            long ofItsKind = isUnasked ? limit / 2 - unasked : askedLimit - (used - unasked);
            return bytes <= limit - kept - used && bytes <= ofItsKind + extra;
        }

        private boolean tight() {
            return unasked > limit / 4;
        }

        private void add(long bytes, boolean isUnasked) {
            used += bytes;
            if (isUnasked) {
                unasked += bytes;
            }
        }

        long used() {
            return used;
        }
    }

    /** Memory that is granted, and to whom that is told. */
    record Grant(ConnectionBudget connection, ConnectionBudget.Waiter waiter) {}

    /**
     * What there is to see.
     *
     * @param used bytes in use
     * @param limit bytes that there are
     * @param waiters requests that wait
     * @param longestWaiter who has waited longest, for people; empty if nobody waits
     */
    public record Usage(long used, long limit, int waiters, String longestWaiter) {}

    /** @param limit bytes, at least {@link #MINIMUM} */
    public DataBudget(long limit) {
        this.all = new Level(limit, limit / 4 * 3);
        this.share = Math.max(limit / SHARES, MINIMUM_SHARE);
        this.part = Math.max(share * 3 / 4, MINIMUM_PART);
        this.reserve = limit / RESERVES;
    }

    /** Returns what a connection takes from; it is to be closed with the connection. */
    public synchronized ConnectionBudget open(String initiator, String address, Executor eventLoop) {
        Level level = shares.computeIfAbsent(new Owner(initiator, address), owner -> new Level(share, share / 2));
        level.connections++;
        return new ConnectionBudget(this, initiator, level, new Level(part, part / 2), eventLoop);
    }

    /** A request of more than a connection may have at all counts as all of that. */
    private long charge(long bytes) {
        return Math.min(bytes, part / 2);
    }

    synchronized boolean take(ConnectionBudget connection, long bytes, boolean unasked) {
        if (!unasked && (connection.waits() || starved && !small(connection, bytes))) {
            return false;
        }
        long charge = charge(bytes);
        if (!fitsOwn(connection, charge, unasked) || !fitsAll(connection, charge, unasked)) {
            return false;
        }
        add(connection, charge, unasked);
        return true;
    }

    /** As {@link #take}, and what does not fit waits. */
    synchronized boolean takeOrWait(ConnectionBudget connection, ConnectionBudget.Waiter waiter) {
        if (take(connection, waiter.bytes(), false)) {
            return true;
        }
        starved |= fitsOwn(connection, charge(waiter.bytes()), false);
        connection.waiters().add(waiter);
        waiting.add(connection);
        return false;
    }

    private boolean fitsOwn(ConnectionBudget connection, long charge, boolean unasked) {
        return connection.own().fits(charge, unasked, 0, 0)
                && connection.share().fits(charge, unasked, 0, 0);
    }

    private boolean fitsAll(ConnectionBudget connection, long charge, boolean unasked) {
        boolean small = small(connection, charge);
        return all.fits(charge, unasked, small ? 0 : reserve, small ? reserve : 0);
    }

    private static boolean small(ConnectionBudget connection, long bytes) {
        return bytes <= SMALL && connection.share().used <= LITTLE;
    }

    private void add(ConnectionBudget connection, long charge, boolean unasked) {
        connection.own().add(charge, unasked);
        connection.share().add(charge, unasked);
        all.add(charge, unasked);
    }

    /** Gives back; whoever waits and can have it now is told. */
    void release(ConnectionBudget connection, long bytes, boolean unasked) {
        List<Grant> grants;
        synchronized (this) {
            add(connection, -charge(bytes), unasked);
            forgetIfUnused(connection.share());
            grants = grants();
        }
        tell(grants);
    }

    private static void tell(List<Grant> grants) {
        for (int i = 0; i < grants.size(); i++) {
            grants.get(i).connection().tell(grants.get(i).waiter());
        }
    }

    /** One request of each connection that waits, and again until none fits. */
    private List<Grant> grants() {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<Grant> grants = new ArrayList<>();
        int before;
        do {
            before = grants.size();
            starved = false;
            for (ConnectionBudget connection : List.copyOf(waiting)) {
                long bytes = connection.waiters().peek().bytes();
                if (fitsOwn(connection, charge(bytes), false)) {
                    grantOrStarve(connection, bytes, grants);
                }
            }
        } while (grants.size() > before);
        return grants;
    }

    private void grantOrStarve(ConnectionBudget connection, long bytes, List<Grant> grants) {
        boolean mayOvertake = !starved || small(connection, bytes);
        if (!mayOvertake || !fitsAll(connection, charge(bytes), false)) {
            starved = true;
            return;
        }
        add(connection, charge(bytes), false);
        grants.add(new Grant(connection, connection.waiters().remove()));
        waiting.remove(connection);
        if (connection.waits()) {
            waiting.add(connection);
        }
    }

    /** Takes a request back that waits. */
    void withdraw(ConnectionBudget connection, Runnable granted) {
        List<Grant> grants;
        synchronized (this) {
            connection.waiters().removeIf(waiter -> waiter.granted() == granted);
            forgetIfIdle(connection);
            grants = grants();
        }
        tell(grants);
    }

    private void forgetIfIdle(ConnectionBudget connection) {
        if (!connection.waits()) {
            waiting.remove(connection);
            starved &= !waiting.isEmpty();
        }
    }

    /** The connection is gone: it waits for nothing; what its tasks hold comes back with them. */
    void close(ConnectionBudget connection) {
        List<Grant> grants;
        synchronized (this) {
            connection.waiters().clear();
            forgetIfIdle(connection);
            connection.share().connections--;
            forgetIfUnused(connection.share());
            grants = grants();
        }
        tell(grants);
    }

    private void forgetIfUnused(Level level) {
        if (level.connections == 0 && level.used == 0) {
            shares.values().remove(level);
        }
    }

    /** Returns whether it gets tight, so that the initiator should be allowed fewer commands. */
    boolean tight(ConnectionBudget connection) {
        return connection.own().tight() || connection.share().tight() || all.tight();
    }

    /** Returns the bytes in use. */
    public synchronized long used() {
        return all.used;
    }

    /** Returns the initiators that have a share now. */
    synchronized int shareCount() {
        return shares.size();
    }

    /** Returns what is used, and who waits. */
    public synchronized Usage usage() {
        int waiters = 0;
        ConnectionBudget.Waiter longest = null;
        String who = "";
        for (ConnectionBudget connection : waiting) {
            waiters += connection.waiters().size();
            ConnectionBudget.Waiter first = connection.waiters().peek();
            if (longest == null || first.sinceNanos() - longest.sinceNanos() < 0) {
                longest = first;
                who = connection.initiator() + " for " + (System.nanoTime() - first.sinceNanos()) / 1_000_000 + " ms";
            }
        }
        return new Usage(all.used, all.limit, waiters, who);
    }
}
