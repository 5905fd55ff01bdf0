package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.durability.Damage;
import io.sluice.testkit.durability.DiskAudit;
import io.sluice.testkit.durability.DiskModel;
import io.sluice.testkit.durability.Mix;
import io.sluice.testkit.durability.Recording;
import io.sluice.testkit.durability.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** The gateway, or a part of it, is stopped in order under load: everything that was answered is there. */
public class GracefulIT {

    private static final List<String> CHANGES = List.of(
            "backstore:reopen cached",
            "bundle:restart io.sluice.backstore-file",
            "backstore:reopen through",
            "bundle:update io.sluice.backstore-file");
    private static final int SESSIONS = 64;
    private static final int DEPTH = 16;
    private static final int BLOCKS_OF_A_PLACE = 8;
    private static final String DEEP = "iqn.2026-11.io.sluice:deep";
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final int SUCCESS = 0x0000;
    private static final int SERVICE_UNAVAILABLE = 0x0301;

    @org.junit.Rule
    public final Sluice sluice = new Sluice();

    @Test
    public void whatWasAnsweredIsThereAfterChangesAndAStop() throws Exception {
        long seed = System.nanoTime();
        CrashWorld world = new CrashWorld(sluice);
        world.begin(seed);
        for (String change : CHANGES) {
            sluice.console(change);
            world.check();
        }
        long changed = world.operations();
        world.stopLoad();
        assertTrue("it was under load", changed > 0);
        world.audit(Rule.ACKNOWLEDGED);
        world.begin(seed + 1);
        rest(Duration.ofMillis(700));
        sluice.stop().expectSuccess();
        world.awaitLoss();
        sluice.start().expectSuccess();
        world.audit(Rule.ACKNOWLEDGED);
        System.out.printf(
                "changed and stopped, seed %d: %d and %d operations%n", seed, changed, world.operations() - changed);
    }

    @Test
    public void aStopAnswersEverybodyInTime() throws Exception {
        sluice.console("target:create " + DEEP + " --file deep.img --size 16M");
        DiskModel model = new DiskModel(0, 512, (long) SESSIONS * DEPTH * 2 * BLOCKS_OF_A_PLACE, true);
        List<DeepSession> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            sessions.add(new DeepSession(sluice, DEEP, model, i, DEPTH));
        }
        Knocker knocker = new Knocker(sluice, DEEP);
        sessions.forEach(Thread::start);
        knocker.start();
        rest(Duration.ofMillis(500));
        long begun = System.nanoTime();
        sluice.stop().expectSuccess();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        for (DeepSession session : sessions) {
            session.await();
        }
        Map<Integer, Long> logins = knocker.end();
        long answered = sessions.stream().mapToLong(DeepSession::answered).sum();
        long asked = sessions.stream().filter(DeepSession::wasAskedToLeave).count();
        System.out.printf(
                "stopped with %d sessions at depth %d: %d ms, %d commands answered, %d asked to log out, logins %s%n",
                SESSIONS, DEPTH, took.toMillis(), answered, asked, logins);
        assertTrue("it took " + took, took.toMillis() <= STOP_LIMIT.toMillis() * Machine.share());
        assertTrue("under load", answered > SESSIONS);
        Set<Integer> statuses = new TreeSet<>(logins.keySet());
        statuses.removeAll(Set.of(SUCCESS, SERVICE_UNAVAILABLE));
        assertEquals("answers that tell an initiator to give up: " + logins, Set.of(), statuses);
        sluice.start().expectSuccess();
        Damage damage = DiskAudit.run(
                new Recording.Setup(sluice.portal(), DEEP, 0, 0, 0, Mix.plain(1), false), model, Rule.ACKNOWLEDGED);
        assertTrue(damage.toString(), damage.none());
    }

    /** The load goes on meanwhile. */
    private static void rest(Duration time) throws InterruptedException {
        new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
