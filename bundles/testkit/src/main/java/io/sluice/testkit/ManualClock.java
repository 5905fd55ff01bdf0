package io.sluice.testkit;

import io.sluice.backstore.pace.Pacer;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** A clock that goes when it is told to, and wakes whoever wanted it, in the thread that tells it. For one thread. */
public final class ManualClock implements Pacer.Clock {

    /** So that it runs over on the way, as {@code System.nanoTime} may. */
    private static final long BEGINNING = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3);

    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private long alarmsSoFar;
    private long elapsed;

    /** Two of one time come in the order in which they were set. */
    private record Alarm(long at, long number, Runnable action) implements Comparable<Alarm> {

        @Override
        public int compareTo(Alarm other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    @Override
    public long nanos() {
        return BEGINNING + elapsed;
    }

    @Override
    public void after(long delayNanos, Runnable action) {
        alarms.add(new Alarm(elapsed + delayNanos, alarmsSoFar++, action));
    }

    /** Lets time pass, with what comes in it. */
    public void pass(long nanos) {
        long until = elapsed + nanos;
        while (!alarms.isEmpty() && alarms.peek().at() <= until) {
            Alarm next = alarms.remove();
            elapsed = Math.max(elapsed, next.at());
            next.action().run();
        }
        elapsed = until;
    }

    /** Lets time pass, in milliseconds. */
    public void passMillis(long millis) {
        pass(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
