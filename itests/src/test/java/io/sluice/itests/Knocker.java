package io.sluice.itests;

import io.sluice.testkit.initiator.LoginResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Somebody who tries to log in again and again, and counts the answers. */
final class Knocker extends Thread {

    private static final long PAUSE_NANOS = 2_000_000;

    private final Sluice sluice;
    private final String target;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Map<Integer, Long> answers = new TreeMap<>();

    Knocker(Sluice sluice, String target) {
        super("knocker");
        this.sluice = sluice;
        this.target = target;
    }

    @Override
    public void run() {
        while (!stop.get()) {
            try (TestInitiator initiator = TestInitiator.connect(sluice.portal(), Duration.ofSeconds(5), 0)
                    .name("iqn.2026-11.io.sluice:knocker")) {
                Map<String, String> keys = initiator.names("Normal", target);
                keys.putAll(TestInitiator.OPERATIONAL_KEYS);
                LoginResult result = initiator.tryLogin(keys);
                answers.merge(result.status(), 1L, Long::sum);
            } catch (IOException closed) {
                // Nobody is at home: it is worth another try.
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Ends it and returns how often each status of a login was answered. */
    Map<Integer, Long> end() throws InterruptedException {
        stop.set(true);
        join(TimeUnit.SECONDS.toMillis(20));
        if (isAlive()) {
            throw new AssertionError("a login does not end");
        }
        return answers;
    }
}
