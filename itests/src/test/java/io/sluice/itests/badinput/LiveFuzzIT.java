package io.sluice.itests.badinput;

import static org.junit.Assert.assertTrue;

import io.sluice.itests.Sluice;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.ClassRule;
import org.junit.Test;

/**
 * Hosts that log in with CHAP and send damaged PDUs, during their login too, for some seconds ({@code -Dfuzz.seconds=600} for longer;
 * {@code -Dfuzz.seed=N} for the same hosts again), beside verified I/O. What has to hold is in {@link Verdict} and {@link FuzzedHost}.
 */
public class LiveFuzzIT {

    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("fuzz.seconds", 5));
    private static final long SEED = Long.getLong("fuzz.seed", new Random().nextInt(1_000_000));
    private static final int AT_ONCE = 4;

    /** Fewer have not tried anything; a slow machine has some hundred. */
    private static final int FEWEST = 20;

    @ClassRule
    public static final Sluice SLUICE = World.instance();

    private final AtomicInteger hosts = new AtomicInteger();
    private final AtomicInteger loggedIn = new AtomicInteger();
    private final AtomicInteger pdus = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    @Test
    public void damagedPdusHarmNobody() throws Exception {
        World world = new World(SLUICE);
        world.prepare();
        System.out.println("live fuzz: -Dfuzz.seed=" + SEED);
        try (Verdict verdict = new Verdict(world)) {
            verdict.begin();
            ProvenTarget.with(this::fuzz).run(world);
            verdict.check();
            verdict.checkGroup();
        }
        System.out.printf(
                "live fuzz: %d hosts, of which %d logged in, %d PDUs%n", hosts.get(), loggedIn.get(), pdus.get());
        if (failure.get() != null) {
            throw new AssertionError("seed " + SEED, failure.get());
        }
        assertTrue(hosts + " hosts, " + loggedIn + " logged in", loggedIn.get() >= FEWEST);
    }

    private void fuzz(ProvenTarget target) throws Exception {
        long end = System.nanoTime() + TIME.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            Thread thread = new Thread(
                    () -> {
                        while (System.nanoTime() < end && failure.get() == null) {
                            host(target);
                        }
                    },
                    "fuzz-" + i);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        target.letsIn();
    }

    private void host(ProvenTarget target) {
        int number = hosts.incrementAndGet();
        try {
            FuzzedHost host = new FuzzedHost(target.connect(), SEED + number);
            if (host.run()) {
                loggedIn.incrementAndGet();
            }
            pdus.addAndGet(host.sent());
            host.readToTheEnd();
        } catch (IOException | RuntimeException | AssertionError wrong) {
            failure.compareAndSet(null, new AssertionError("host " + number, wrong));
        }
    }
}
