package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * A host that holds a reservation through power loss (APTPL) and changes its key again and again. Whenever the gateway ends,
 * the key is the last one that was answered, or the one that was on its way.
 */
final class Reserver extends Thread {

    private static final long ISID = 77;

    private final Sluice sluice;
    private final String target;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final NavigableMap<Long, Long> answeredAt = new ConcurrentSkipListMap<>(Map.of(0L, 0L));
    private LongSupplier clock = () -> 0;
    private volatile long answered;
    private volatile long sent;

    /** @param before who did this in the last life of the gateway, or null */
    Reserver(Sluice sluice, String target, Reserver before) {
        super("reserver");
        this.sluice = sluice;
        this.target = target;
        answered = before == null ? 0 : before.answered;
        sent = answered;
    }

    /** Keeps by a clock what was answered when. */
    Reserver clockedBy(LongSupplier numbers) {
        clock = numbers;
        return this;
    }

    @Override
    public void run() {
        try (Host host = Host.logIn(sluice, target, ISID)) {
            change(host);
            assertEquals(
                    Host.GOOD,
                    host.reserveOut(Host.RESERVE, Host.WRITE_EXCLUSIVE_REGISTRANTS_ONLY, answered, 0, false)
                            .status());
            while (!stop.get()) {
                change(host);
            }
        } catch (IOException ended) {
            // So ends the life of the gateway.
        } catch (RuntimeException | Error wrong) {
            failure.set(wrong);
        }
    }

    private void change(Host host) throws IOException {
        sent = answered + 1;
        assertEquals(
                Host.GOOD,
                host.reserveOut(Host.REGISTER_AND_IGNORE, 0, 0, sent, true).status());
        answered = sent;
        answeredAt.put(clock.getAsLong(), answered);
    }

    /** Stops and waits for the end. */
    void end() throws InterruptedException {
        stop.set(true);
        join(TimeUnit.SECONDS.toMillis(30));
        assertTrue("it has ended", !isAlive());
        if (failure.get() != null) {
            throw new AssertionError("the reservation", failure.get());
        }
    }

    /** The registration is there as it was when the clock stood there, or in a newer form. */
    void checkAt(long time) throws IOException {
        long oldest = answeredAt.floorEntry(time).getValue();
        try (Host host = Host.logIn(sluice, target, ISID)) {
            long[] keys = host.keys();
            long key = keys.length == 0 ? 0 : keys[0];
            assertTrue("key " + key + " of " + oldest + " to " + sent, keys.length < 2 && key >= oldest && key <= sent);
        }
    }

    /** The registration and the reservation are there as they were. */
    void check() throws IOException {
        assertTrue("a key was answered", answered > 0);
        try (Host host = Host.logIn(sluice, target, ISID)) {
            long[] keys = host.keys();
            assertEquals("one key", 1, keys.length);
            assertTrue(
                    "key " + keys[0] + ", answered " + answered + ", sent " + sent,
                    keys[0] == answered || keys[0] == sent);
            assertEquals(
                    Long.toHexString(keys[0]) + " type " + Host.WRITE_EXCLUSIVE_REGISTRANTS_ONLY, host.reservation());
            answered = keys[0];
        }
    }
}
