package io.sluice.iscsi.login;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps secrets from being guessed fast. Somebody who fails again and again under one name waits longer and longer, for his
 * answer and for the next proof to be looked at; so it does not help him to drop the connection, or to open many. Under changing
 * names an address has so many proofs looked at in a minute. A name that has proven itself at an address does not wait for what
 * others do there, and nobody waits for what is done at another address. Thread-safe; nothing here waits.
 */
public final class FailedLogins {

    /** So often nobody waits. */
    private static final int FREE = 3;
    /** The longest wait of a name at an address: a login that comes next can wait for it, and need not be refused. */
    private static final int LONGEST = 4;
    /** Proofs of an address that are looked at without a wait between them. */
    private static final int BURST = 16;
    /** After so long without a failure nothing is held against a name. */
    private static final int FORGOTTEN = 60;
    /** Entries that are kept of each kind; the oldest goes, which can only be to somebody's advantage. */
    private static final int MOST = 2_048;

    private final LongSupplier nanoTime;
    /** Nanoseconds of the first wait, which all others are multiples of. */
    private final long unit;

    private final long longest;

    private final Map<Claimant, Failures> failures = new LinkedHashMap<>();
    /** When all proofs of an address will have been paid for, one unit each. */
    private final Map<String, Long> paid = new LinkedHashMap<>();
    /** Who has proven himself at an address. */
    private final Map<Claimant, Boolean> known = new LinkedHashMap<>();

    /**
     * @param count how many there were
     * @param given the turns that were given and have come to nothing yet; each is taken for a failure to come
     * @param last when the last one was
     * @param next when the next proof is looked at
     */
    private record Failures(int count, int given, long last, long next) {

        /** A turn has come to something good: nobody has to wait for it, but for those who have been told to already. */
        private Failures withoutTurn(long now) {
            int others = Math.max(0, given - 1);
            return new Failures(count, others, last, others == 0 ? now : next);
        }
    }

    /** @param nanoTime a clock such as {@link System#nanoTime} */
    public FailedLogins(LongSupplier nanoTime) {
        this(nanoTime, Duration.ofSeconds(1));
    }

    /** @param unit the first wait, which all others are multiples of */
    public FailedLogins(LongSupplier nanoTime, Duration unit) {
        this(nanoTime, unit, unit.multipliedBy(LONGEST));
    }

    /** @param longest the longest wait, if that is less than the usual one */
    public FailedLogins(LongSupplier nanoTime, Duration unit, Duration longest) {
        this.nanoTime = nanoTime;
        this.unit = unit.toNanos();
        this.longest = Math.min(longest.toNanos(), LONGEST * this.unit);
    }

    /**
     * Gives a proof its turn, before it is looked at.
     *
     * @param remote where it comes from
     * @param initiator the name that was given, or null
     * @param longest how long it can wait
     * @return how long it has to wait, or nothing if it would be too long: then it is not to be looked at
     */
    public synchronized Optional<Duration> turn(InetAddress remote, String initiator, Duration longest) {
        long now = nanoTime.getAsLong();
        Claimant who = Claimant.of(remote, initiator);
        Failures before = before(who, now);
        boolean stranger = !known.containsKey(who);
        long owed = Math.max(0, paid.getOrDefault(who.address(), now) - now);
        long wait = Math.max(Math.max(0, before.next() - now), stranger ? owed - (BURST - 1) * unit : 0);
        if (wait > longest.toNanos()) {
            return Optional.empty();
        }
        if (stranger) {
            put(paid, who.address(), now + owed + unit);
        }
        if (before.count() > FREE) {
            int given = Math.min(before.given() + 1, MOST);
            long next = now + wait + wait(before.count() + given);
            put(failures, who, new Failures(before.count(), given, before.last(), next));
        }
        return Optional.of(Duration.ofNanos(wait));
    }

    /** The proof was good. */
    public synchronized void proven(InetAddress remote, String initiator) {
        Claimant who = Claimant.of(remote, initiator);
        if (put(known, who, true) == null) {
            paid.computeIfPresent(who.address(), (address, until) -> until - unit);
        }
        failures.computeIfPresent(who, (same, before) -> before.withoutTurn(nanoTime.getAsLong()));
    }

    /**
     * Counts a failed login.
     *
     * @return how long its answer has to wait
     */
    public synchronized Duration failed(InetAddress remote, String initiator) {
        long now = nanoTime.getAsLong();
        Claimant who = Claimant.of(remote, initiator);
        Failures before = before(who, now);
        int count = Math.min(before.count(), Integer.MAX_VALUE / 2) + 1;
        long wait = wait(count);
        long next = now + Math.max(before.next() - now, wait);
        put(failures, who, new Failures(count, Math.max(0, before.given() - 1), now, next));
        return Duration.ofNanos(wait);
    }

    private Failures before(Claimant who, long now) {
        Failures before = failures.get(who);
        return before == null || now - before.last() >= FORGOTTEN * unit ? new Failures(0, 0, now, now) : before;
    }

    private long wait(int count) {
        return count <= FREE ? 0 : Math.min(longest, unit << Math.min(count - FREE - 1, LONGEST));
    }

    /** What is put last stands last, so that the oldest can go. Returns what was there. */
    private static <K, V> V put(Map<K, V> entries, K key, V value) {
        V before = entries.remove(key);
        if (entries.size() >= MOST) {
            Iterator<K> oldest = entries.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        entries.put(key, value);
        return before;
    }
}
