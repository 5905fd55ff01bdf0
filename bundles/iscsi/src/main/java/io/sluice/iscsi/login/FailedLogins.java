package io.sluice.iscsi.login;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Counts logins that have proven nothing, by address and by the name of the initiator, so that secrets are not guessed fast. Whoever
 * fails again and again waits longer and longer for his answer; who proves himself waits for nothing. Thread-safe.
 */
public final class FailedLogins {

    private static final int FREE = 3;
    private static final long LONGEST_SECONDS = 8;
    private static final long FORGOTTEN_NANOS = Duration.ofSeconds(60).toNanos();
    private static final int MOST = 2_048;

    private final LongSupplier nanoTime;
    private final Map<String, Failures> byAddress = new LinkedHashMap<>();
    private final Map<String, Failures> byName = new LinkedHashMap<>();

    /** How many there were, and when the last one was. */
    private record Failures(int count, long last) {}

    /** @param nanoTime a clock such as {@link System#nanoTime} */
    public FailedLogins(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Counts a failed login.
     *
     * @param address where it came from
     * @param initiator the name that was given, or null
     * @return how long its answer has to wait
     */
    public synchronized Duration failed(String address, String initiator) {
        long now = nanoTime.getAsLong();
        int count = count(byAddress, address, now);
        if (initiator != null) {
            count = Math.max(count, count(byName, initiator, now));
        }
        return count <= FREE
                ? Duration.ZERO
                : Duration.ofSeconds(Math.min(LONGEST_SECONDS, 1L << Math.min(count - FREE - 1, Integer.SIZE)));
    }

    /** Returns the failures of one with this one. Whoever failed last stands last, so that the oldest can go. */
    private static int count(Map<String, Failures> failures, String who, long now) {
        Failures before = failures.remove(who);
        boolean counts = before != null && now - before.last() < FORGOTTEN_NANOS;
        int count = counts ? Math.min(before.count(), Integer.MAX_VALUE - 1) + 1 : 1;
        if (failures.size() >= MOST) {
            Iterator<Failures> oldest = failures.values().iterator();
            oldest.next();
            oldest.remove();
        }
        failures.put(who, new Failures(count, now));
        return count;
    }
}
