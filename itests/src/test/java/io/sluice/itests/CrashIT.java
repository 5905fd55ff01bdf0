package io.sluice.itests;

import static org.junit.Assert.assertTrue;

import io.sluice.testkit.durability.Rule;
import io.sluice.testkit.initiator.TestInitiator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.ClassRule;
import org.junit.Test;

/**
 * The process is killed at any moment of a mixed load, and started again: nothing that was answered and fenced is lost, torn
 * or there in an older form, and neither are reservations and configuration. More often with {@code -Dcrash.cycles=200}; the
 * same again with {@code -Dcrash.seed}.
 */
public class CrashIT {

    private static final int CYCLES = Integer.getInteger("crash.cycles", 10);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final int MIN_MILLIS = 200;
    private static final int MAX_MILLIS = 3000;
    private static final Duration LOGIN_LIMIT = Duration.ofSeconds(10);

    @ClassRule
    public static final Sluice SLUICE = new Sluice();

    @Test
    public void whatWasFencedIsThereAfterAKill() throws Exception {
        Random random = new Random(SEED);
        CrashWorld world = new CrashWorld(SLUICE);
        List<Long> logins = new ArrayList<>();
        try {
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                world.begin(random.nextLong());
                Process change = SLUICE.begin(
                        Path.of("/dev/null"), "client", "target:create iqn.2026-11.io.sluice:made-in-" + cycle);
                rest(MIN_MILLIS + random.nextInt(MAX_MILLIS - MIN_MILLIS));
                world.check();
                if (!change.isAlive() && change.exitValue() == 0) {
                    world.keep("iqn.2026-11.io.sluice:made-in-" + cycle);
                }
                logins.add(killAndStart(world));
                change.waitFor();
                world.audit(Rule.FENCED);
            }
        } finally {
            System.out.printf(
                    "killed %d times, seed %d: %d operations; ms from each kill to the first login: %s%n",
                    logins.size(), SEED, world.operations(), logins);
        }
        Collections.sort(logins);
        long median = logins.get(logins.size() / 2);
        assertTrue("a login took " + median + " ms", median <= LOGIN_LIMIT.toMillis() * Machine.share());
    }

    /** Returns how many milliseconds it took until somebody could log in again. */
    private static long killAndStart(CrashWorld world) throws Exception {
        SLUICE.kill();
        long killed = System.nanoTime();
        SLUICE.start().expectSuccess();
        try (TestInitiator initiator = TestInitiator.connect(SLUICE.portal()).login(CrashWorld.CACHED)) {
            initiator.logout();
        }
        long millis = (System.nanoTime() - killed) / 1_000_000;
        world.awaitLoss();
        return millis;
    }

    /** The load goes on meanwhile; that this ends at a moment that has nothing to do with it is the point. */
    private static void rest(int millis) throws InterruptedException {
        new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }
}
