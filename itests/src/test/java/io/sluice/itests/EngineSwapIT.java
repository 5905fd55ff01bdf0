package io.sluice.itests;

import static org.junit.Assert.assertTrue;

import io.sluice.testkit.durability.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

/**
 * The bundles that serve are changed under load: sessions are asked to log out, come back, and have what was acknowledged. Of the
 * old bundles nothing is left, however often that is done.
 */
public class EngineSwapIT {

    /** A bundle whose packages others use is replaced for them when it is refreshed. */
    private static final List<String> CHANGES = Stream.of("iscsi", "scsi", "volume", "manager", "api")
            .map(name -> "bundle:update io.sluice." + name + "; bundle:refresh io.sluice." + name)
            .toList();

    /** One class of each bundle; an old one of it is there as long as anything holds the bundle that it came from. */
    private static final List<String> CLASSES = List.of(
            "io.sluice.iscsi.portal.IscsiServer",
            "io.sluice.scsi.target.ScsiTarget",
            "io.sluice.volume.Volume",
            "io.sluice.manager.GatewayManager",
            "io.sluice.management.GatewayStatus",
            "io.sluice.shell.Commands");

    private static final List<String> PARTS = List.of(
            "sluice-core",
            "sluice-shell",
            "sluice-backstore-file",
            "sluice-backstore-memory",
            "sluice-backstore-null",
            "sluice-layer-throttle",
            "sluice-layer-crypt");

    private static final int CYCLES = Integer.getInteger("engineswap.cycles", 2);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Some are held by caches until others take their place; with more changes there are no more of them. */
    private static final long SPARE_CLASSES = 1;

    private static final int SPARE_THREADS = 8;
    private static final int SPARE_FILES = 8;

    @org.junit.Rule
    public final Sluice sluice = new Sluice().light();

    @Test
    public void whatWasAcknowledgedOutlivesEveryBundleThatServes() throws Exception {
        CrashWorld world = new CrashWorld(sluice);
        long seed = System.nanoTime();
        for (String change : CHANGES) {
            world.begin(seed++);
            awaitLoad(world);
            sluice.console(change);
            world.awaitLoss();
            serves();
            world.audit(Rule.ACKNOWLEDGED);
        }
        String log = sluice.log();
        assertTrue(log, log.contains("ended: the iSCSI server restarts"));
        assertTrue(log, !log.contains("met a bug") && !log.contains("LEAK"));
    }

    /** What is changed is changed under load. */
    private static void awaitLoad(CrashWorld world) throws InterruptedException {
        long before = world.operations();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (world.operations() < before + 100) {
            assertTrue("there is no load", System.nanoTime() < deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
        world.check();
    }

    /** The parts of the distribution, each of which takes the place of its own older version; also after a restart. */
    @Test
    public void aNewerVersionTakesThePlaceOfTheOneThatServes() throws Exception {
        CrashWorld world = new CrashWorld(sluice);
        sluice.console("feature:repo-add " + new NewerVersion(Sluice.home()).address());
        world.begin(System.nanoTime());
        awaitLoad(world);
        sluice.console("feature:install --upgrade "
                + PARTS.stream().map(part -> part + "/" + NewerVersion.VERSION).collect(Collectors.joining(" ")));
        world.awaitLoss();
        serves();
        world.audit(Rule.ACKNOWLEDGED);
        isNewer();
        sluice.stop().expectSuccess();
        sluice.start();
        isNewer();
    }

    private void isNewer() throws IOException {
        String status = sluice.console("gateway:status");
        assertTrue(status, status.contains(NewerVersion.VERSION));
        List<String> old = sluice.console("bundle:list -t 0 --no-format")
                .lines()
                .filter(line -> line.contains("Sluice ::") && !line.contains(NewerVersion.VERSION))
                .toList();
        assertTrue("still there: " + old, old.isEmpty());
    }

    @Test
    public void nothingIsLeftOfWhatWasChanged() throws Exception {
        sluice.console("target:create " + Sluice.TARGET + " --file swapped.img --size 16M");
        cycle();
        Map<String, Long> first = figures();
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            cycle();
        }
        Map<String, Long> last = settled(first);
        System.out.printf("after %d cycles: %s, was %s%n", CYCLES, last, first);
    }

    private void cycle() throws Exception {
        for (String change : CHANGES) {
            sluice.console(change);
            serves();
            Tool.run("qemu-io", "-f", "raw", "-c", "write -P 0x5a 0 1M", sluice.url(Sluice.TARGET, 0))
                    .expectSuccess();
        }
    }

    /** Waits until it serves again; the console has no command of ours meanwhile. */
    private void serves() throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Tool.Result target;
        do {
            // One that the change has met between its two sessions may wait for ever.
            target = Tool.run("timeout", "20", "iscsi-ls", "-s", "iscsi://" + sluice.portalText());
            assertTrue("it does not serve: " + target.output(), System.nanoTime() < deadline);
        } while (target.exit() != 0 || !target.output().contains("Lun:"));
        while (!sluice.script("client", "portal:list").output().contains(sluice.portalText())) {
            assertTrue("there is no console", System.nanoTime() < deadline);
        }
    }

    private Map<String, Long> settled(Map<String, Long> first) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            Map<String, Long> last = figures();
            if (tooMuch(first, last).isEmpty()) {
                return last;
            }
            assertTrue("left behind: " + last + ", was " + first, System.nanoTime() < deadline);
        }
    }

    private static String tooMuch(Map<String, Long> first, Map<String, Long> last) {
        for (String name : CLASSES) {
            if (last.get(name) > first.get(name) + SPARE_CLASSES) {
                return name;
            }
        }
        boolean threads = last.get("threads") > first.get("threads") + SPARE_THREADS;
        boolean files = last.get("files") > first.get("files") + SPARE_FILES;
        return threads ? "threads" : files ? "files" : "";
    }

    private Map<String, Long> figures() throws IOException {
        Map<String, Long> figures = new TreeMap<>();
        // What is cleaned up after one collection goes with the next.
        jcmd("GC.run");
        jcmd("GC.run");
        for (String name : CLASSES) {
            figures.put(name, count(jcmd("VM.class_hierarchy", name), name + "/"));
            assertTrue(name + " is not there", figures.get(name) > 0);
        }
        figures.put("threads", count(jcmd("Thread.print"), "\" #"));
        figures.put("files", (long)
                Tool.run("ls", "/proc/" + sluice.pid() + "/fd").lines().size());
        figures.put("residentKiB", sluice.residentKiB());
        return figures;
    }

    private static long count(String text, String part) {
        return text.lines().filter(line -> line.contains(part)).count();
    }

    private String jcmd(String... command) throws IOException {
        String[] words = new String[command.length + 2];
        words[0] = "jcmd";
        words[1] = Long.toString(sluice.pid());
        System.arraycopy(command, 0, words, 2, command.length);
        return Tool.run(words).expectSuccess().output();
    }
}
