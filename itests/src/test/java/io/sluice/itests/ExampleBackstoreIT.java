package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.After;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/**
 * A backend that somebody else has written comes, goes and comes back while sessions live: its own disk waits for it, and the
 * disk beside it notices nothing.
 */
public class ExampleBackstoreIT {

    private static final int HOLD_SECONDS = 15;
    private static final String STEADY = "iqn.2026-11.io.sluice:steady";
    private static final String FOREIGN = "iqn.2026-11.io.sluice:foreign";
    private static final int BECOMING_READY = 0x020401;
    private static final Duration WHILE = Duration.ofMillis(500);
    private static final long LIMIT_SECONDS = 60;

    @ClassRule
    public static final Sluice SLUICE =
            new Sluice().light().configured("io.sluice.manager.cfg", "holdSeconds = " + HOLD_SECONDS + "\n");

    private static final ExampleBuild BUILD = new ExampleBuild();

    private Terminal terminal;
    private Path deployed;

    @BeforeClass
    public static void build() throws IOException {
        BUILD.run();
    }

    @Before
    public void open() throws IOException {
        terminal = Terminal.open(SLUICE);
    }

    /** The folder is that of all instances. */
    @After
    public void takeAway() throws IOException {
        terminal.close();
        if (deployed != null) {
            Files.deleteIfExists(deployed);
        }
    }

    private String run(String command) throws IOException {
        Terminal.Outcome outcome = terminal.run(command);
        assertFalse(command + ": " + outcome.text(), outcome.failed());
        return outcome.text();
    }

    private boolean shows(String command, String text) {
        try {
            return terminal.run(command).text().contains(text);
        } catch (IOException gone) {
            throw new AssertionError(gone);
        }
    }

    /** The deployer looks every second, so its work is waited for, up to a limit. */
    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(what + " did not become so", System.nanoTime() < deadline);
        }
    }

    private static void goesOn(VerifiedLoad load) throws InterruptedException {
        VerifiedLoad.Figures figures = load.over(WHILE);
        assertTrue(figures.toString(), figures.perSecond() > 0);
    }

    private void drop() throws IOException {
        deployed = SLUICE.deploy(BUILD.jar("backstore-vhd"));
    }

    private boolean isOffered() {
        return shows("backstore:types", "a VHD file");
    }

    private boolean isAway() {
        return shows("backstore:list", "away");
    }

    @Test
    public void aBackendComesGoesAndComesBack() throws Exception {
        run("target:create " + STEADY + " --file steady.img --size 16M");
        try (VerifiedLoad steady = new VerifiedLoad(SLUICE.portal(), STEADY, 2)) {
            assertFalse(isOffered());
            drop();
            await("vhd offered", this::isOffered);
            terminal.clear().type("backstore:create vh").tab();
            terminal.await("the type", screen -> screen.line().equals("backstore:create vhd"));
            terminal.clear();
            run("backstore:create vhd foreign --path foreign.vhd --size 64M");
            run("target:create " + FOREIGN + " --backstore foreign");
            Tool.run("qemu-io", "-f", "raw", "-c", "write -P 0x5a 40M 1M", SLUICE.url(FOREIGN, 0))
                    .expectSuccess();
            goesOn(steady);
            itWaitsForItsBackend(steady);
            itIsNotReadyWhenItHasWaited(steady);
            goesOn(steady);
        }
        Files.delete(deployed);
        await("vhd away", this::isAway);
        String file = SLUICE.volumes().resolve("foreign.vhd").toString();
        Tool.run("qemu-io", "-r", "-f", "vpc", "-c", "read -P 0x5a 40M 1M", file)
                .expectSuccess();
        String log = SLUICE.log();
        assertFalse(log, log.contains("met a bug"));
    }

    /** The load goes through all of it: it fails with the first error, and with the first block that is another one. */
    private void itWaitsForItsBackend(VerifiedLoad steady) throws Exception {
        try (VerifiedLoad foreign = new VerifiedLoad(SLUICE.portal(), FOREIGN, 2)) {
            goesOn(foreign);
            Files.delete(deployed);
            await("vhd away", this::isAway);
            goesOn(steady);
            VerifiedLoad.Figures without = foreign.over(WHILE);
            assertEquals("it waits: " + without, 0, without.perSecond(), 0);
            drop();
            long before = foreign.done();
            await("the load goes on", () -> foreign.done() > before);
            goesOn(foreign);
        }
    }

    private void itIsNotReadyWhenItHasWaited(VerifiedLoad steady) throws Exception {
        try (TestInitiator host = TestInitiator.connect(SLUICE.portal(), Duration.ofSeconds(60), 0)
                .login(FOREIGN)) {
            await("ready", () -> isReady(host));
            Files.delete(deployed);
            await("vhd away", this::isAway);
            long begun = System.nanoTime();
            host.execute(0, Cdb.read10(0, 8), null, 4096).expectSense(BECOMING_READY);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
            assertTrue("after " + seconds + " s", seconds >= HOLD_SECONDS / 2 && seconds <= 2 * HOLD_SECONDS);
            goesOn(steady);
            assertFalse(isOffered());
            drop();
            // That it was away is told as a unit attention, which may come behind the first read.
            await("ready again", () -> isReady(host) && isReady(host));
        }
        Tool.run("qemu-io", "-f", "raw", "-c", "read -P 0x5a 40M 1M", SLUICE.url(FOREIGN, 0))
                .expectSuccess();
    }

    private static boolean isReady(TestInitiator host) {
        try {
            ScsiResult result = host.execute(0, Cdb.read10(0, 8), null, 4096);
            return result.status() == 0;
        } catch (IOException gone) {
            throw new AssertionError(gone);
        }
    }
}
