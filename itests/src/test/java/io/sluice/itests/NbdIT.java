package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** Disks on an NBD server, which is qemu-nbd with a qcow2 image: as they are used, and when the server is killed. */
public class NbdIT {

    private static final Duration SOON = Duration.ofSeconds(120);

    @ClassRule
    public static final Sluice SLUICE = new Sluice().configured("io.sluice.manager.cfg", "holdSeconds = 2\n");

    private NbdServer server;

    @Before
    public void startServer() throws Exception {
        SLUICE.console("feature:install sluice-backstore-nbd");
        Console.empty(SLUICE);
        server = NbdServer.qcow2(SLUICE.folder(), "disk", "400M");
    }

    @After
    public void stopServer() throws Exception {
        Console.empty(SLUICE);
        server.close();
    }

    private void makeDisk(String more) throws IOException {
        SLUICE.console("backstore:create nbd disk -o uri=" + server.uri() + more);
        SLUICE.console("target:create " + Sluice.TARGET + " --backstore disk");
    }

    private static Tool.Result io(String command) {
        return Tool.run("qemu-io", "-f", "raw", "-c", command, SLUICE.url(Sluice.TARGET, 0));
    }

    @Test
    public void theScsiSuite() throws Exception {
        makeDisk("");
        String info = SLUICE.console("backstore:info disk");
        assertTrue(info, info.contains("400M") && info.contains("NBD"));
        for (String family : BlockFamilies.ALL) {
            Tool.Result result = Tool.run(
                    "iscsi-test-cu", "--dataloss", "--allow-sanitize", "-t", family, SLUICE.url(Sluice.TARGET, 0));
            assertEquals(family + result.output(), 0, result.exit());
        }
    }

    @Test
    public void aLayerOnTop() throws Exception {
        makeDisk("");
        Path key = SLUICE.folder().resolve("nbd.key");
        Files.writeString(key, "correct horse battery\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        SLUICE.console("backstore:layer add disk crypt keyFile=" + key);
        io("write -P 0x5a 1M 3M").expectSuccess();
        SLUICE.console("backstore:reopen disk");
        io("read -P 0x5a 1M 3M").expectSuccess();
    }

    /** Each write is on stable storage, so that nothing of what was acknowledged can be lost by a kill. */
    @Test
    public void aServerThatIsKilledAndComesBackIsNotNoticed() throws Exception {
        makeDisk(" --write-through");
        try (VerifiedLoad load = new VerifiedLoad(SLUICE.portal(), Sluice.TARGET, 4)) {
            for (int i = 0; i < 3; i++) {
                load.over(Duration.ofSeconds(1));
                server.kill();
                load.over(Duration.ofSeconds(2));
                server.start();
                goesOn(load);
            }
        }
        assertTrue(SLUICE.log(), SLUICE.log().contains("is connected to export"));
        assertTrue(SLUICE.console("backstore:list").contains("online"));
    }

    /** Sleeps of a thread of the gateway: it wakes at least once for each request that it has a part in. */
    private static long sleeps(String thread) throws IOException {
        long sum = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + SLUICE.pid() + "/task"))) {
            for (Path task : tasks) {
                if (Files.readString(task.resolve("comm")).startsWith(thread)) {
                    sum += Files.readAllLines(task.resolve("status")).stream()
                            .filter(line -> line.startsWith("voluntary_ctxt_switches:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum();
                }
            }
        }
        return sum;
    }

    private static Tool.Result bench(String... more) {
        List<String> command = new ArrayList<>(List.of("qemu-img", "bench", "-f", "raw", "-c", "5000", "-d", "1"));
        command.addAll(List.of(more));
        command.add(SLUICE.url(Sluice.TARGET, 0));
        return Tool.run(command.toArray(String[]::new));
    }

    /** The transport gets other threads, and listens again. */
    private static void setThreads(String change) throws Exception {
        int before = SLUICE.log().split(" listening", -1).length;
        SLUICE.console("config:edit io.sluice.iscsi; " + change + "; config:update");
        long deadline = System.nanoTime() + SOON.toNanos();
        while (SLUICE.log().split(" listening", -1).length == before) {
            assertTrue("it does not listen again", System.nanoTime() < deadline);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** The session that asks does the work, and nothing is noticed when the transport gets other threads. */
    @Test
    public void itIsServedOnTheThreadThatAsks() throws Exception {
        int logged = SLUICE.log().length();
        makeDisk("");
        bench().expectSuccess();
        long own = sleeps("nbd-");
        bench().expectSuccess();
        assertTrue((sleeps("nbd-") - own) + " wake-ups of the other thread", sleeps("nbd-") - own < 200);
        io("write -P 0x5a 1M 3M").expectSuccess();
        setThreads("config:property-set threads 1");
        io("read -P 0x5a 1M 3M").expectSuccess();
        bench("-w").expectSuccess();
        setThreads("config:property-delete threads");
        bench().expectSuccess();
        assertFalse("no connection was lost", SLUICE.log().substring(logged).contains("has no connection to export"));
    }

    private static void goesOn(VerifiedLoad load) throws InterruptedException {
        long before = load.done();
        long deadline = System.nanoTime() + SOON.toNanos();
        while (load.done() < before + 8) {
            assertTrue("nothing goes on", System.nanoTime() < deadline);
            load.over(Duration.ofMillis(100));
        }
    }

    @Test
    public void aServerThatStaysAwayEndsWithNotReadyAndHealsByItself() throws Exception {
        makeDisk(" --write-through -o timeout=2");
        io("write -P 0x5a 0 1M").expectSuccess();
        server.kill();
        String away = io("read 0 4k").output();
        assertFalse(away, io("read 0 4k").exit() == 0);
        String info = SLUICE.console("backstore:info disk");
        assertTrue(info, info.contains("away") && info.contains("NBD server"));
        server.start();
        long deadline = System.nanoTime() + SOON.toNanos();
        while (io("read -P 0x5a 0 1M").exit() != 0) {
            assertTrue("it does not heal", System.nanoTime() < deadline);
        }
        assertTrue(SLUICE.console("backstore:list").contains("online"));
    }

    @Test
    public void whatMayBeLostIsNotCalledWritten() throws Exception {
        makeDisk("");
        try (VerifiedLoad load = new VerifiedLoad(SLUICE.portal(), Sluice.TARGET, 1)) {
            load.over(Duration.ofSeconds(1));
        }
        server.kill();
        server.start();
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!SLUICE.console("backstore:list").contains("read-only")) {
            assertTrue("nobody is told", System.nanoTime() < deadline);
        }
        assertFalse(io("write 0 4k").exit() == 0);
        io("read 0 4k").expectSuccess();
        SLUICE.console("backstore:reopen disk");
        io("write 0 4k").expectSuccess();
    }
}
