package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** On an unmodified Karaf: installed from a repository or by a KAR, used, and taken out without a trace. */
public class StockKarafIT {

    private static final String VERSION = "0.1.0-SNAPSHOT";
    private static final String TARGET = "iqn.2026-11.io.sluice:disk0";
    private static final long LIMIT_SECONDS = 60;

    @Rule
    public final StockKaraf karaf = new StockKaraf();

    private Path kar;

    @Before
    public void findKar() {
        kar = Path.of(System.getProperty("sluice.kar"));
    }

    @Test
    public void itIsInstalledFromARepositoryAndLeavesNothing() throws Exception {
        Path repository = karaf.home().resolve("published");
        Tool.run("unzip", "-q", kar.toString(), "repository/*", "-d", repository.toString())
                .expectSuccess();
        karaf.repositories("file:" + repository.resolve("repository") + "@id=published@snapshots");
        Set<String> etc = files(karaf.etc());
        Set<String> threads = threads();
        karaf.await(
                "Adding feature url",
                StockKaraf.ADMINISTRATOR,
                "feature:repo-add mvn:io.sluice/features/" + VERSION + "/xml/features");
        String said =
                karaf.ssh(StockKaraf.ADMINISTRATOR, "feature:install sluice").output();
        assertFalse(said, said.contains("Error"));
        servesADisk();
        becomesNewer();

        Tool.Result out = karaf.ssh(
                StockKaraf.ADMINISTRATOR,
                "target:delete " + TARGET + " --force; backstore:delete disk0; feature:uninstall -c sluice");
        // What leaves may have Karaf begin its console anew.
        boolean cut = out.output().isBlank() || out.output().contains("closed by remote host");
        assertTrue(out.output(), out.exit() == 0 || cut);
        karaf.await("", StockKaraf.ADMINISTRATOR, "feature:list");
        String bundles = karaf.run("bundle:list -t 0 -s --no-format");
        for (String ours : List.of("io.sluice", "io.netty", "jackson", "picocli", "jna")) {
            assertFalse(bundles, bundles.contains(ours));
        }
        String services = karaf.run("service:list");
        assertFalse(services, services.contains("io.sluice"));
        Tool.run("iscsi-ls", "iscsi://" + karaf.portal()).expectFailure();
        until(() -> threads().stream().noneMatch(name -> !threads.contains(name) && ours(name)), "threads are left");
        String open = Tool.run("ls", "-l", "/proc/" + karaf.pid() + "/fd").output();
        assertFalse(open, open.contains("volumes/disk0.img") || open.contains("/state/"));
        Set<String> left = files(karaf.etc());
        left.removeAll(etc);
        left.removeIf(name -> name.startsWith("host.key"));
        Set<String> configured = Set.of("gateway.json", "gateway.json.last-good", "gateway.json.state");
        assertEquals("what an operator configured stays, and which folder of states it goes with", configured, left);
    }

    @Test
    public void aKarIsAllThatAMachineWithoutARepositoryNeeds() throws Exception {
        Path whole = Files.copy(kar, karaf.home().resolve("sluice.kar"));
        Files.move(whole, karaf.home().resolve("deploy/sluice.kar"));
        servesADisk();
    }

    private void becomesNewer() throws Exception {
        karaf.run("feature:repo-add " + new NewerVersion(Sluice.home()).address());
        karaf.ssh(StockKaraf.ADMINISTRATOR, "feature:install --upgrade sluice/" + NewerVersion.VERSION);
        karaf.await(NewerVersion.VERSION, StockKaraf.ADMINISTRATOR, "gateway:status");
        String bundles = karaf.run("bundle:list -t 0 -s --no-format");
        for (String line : bundles.split("\n")) {
            assertTrue(bundles, !line.contains("io.sluice.") || line.contains(NewerVersion.VERSION));
        }
        String url = "iscsi://" + karaf.portal() + "/" + TARGET + "/0";
        until(() -> Tool.run("iscsi-ls", "iscsi://" + karaf.portal()).exit() == 0, "the portal does not open again");
        Tool.run("qemu-io", "-f", "raw", "-c", "read -P 0x5a 0 1M", url).expectSuccess();
    }

    private void servesADisk() throws Exception {
        settled();
        karaf.await("disk0", StockKaraf.ADMINISTRATOR, "backstore:create file disk0 --path disk0.img --size 16M");
        karaf.run("target:create " + TARGET + " --backstore disk0");
        until(() -> Tool.run("iscsi-ls", "iscsi://" + karaf.portal()).exit() == 0, "the portal does not open");
        String url = "iscsi://" + karaf.portal() + "/" + TARGET + "/0";
        Tool.run("qemu-io", "-f", "raw", "-c", "write -P 0x5a 0 1M", "-c", "flush", url)
                .expectSuccess();
        Tool.run("qemu-io", "-f", "raw", "-c", "read -P 0x5a 0 1M", url).expectSuccess();
        assertTrue(Files.exists(karaf.home().resolve("volumes/disk0.img")));

        karaf.ssh(StockKaraf.VIEWER, "target:list").expectSuccess();
        karaf.ssh(StockKaraf.VIEWER, "target:delete " + TARGET + " --force").expectFailure();
        assertTrue(karaf.run("target:list").contains(TARGET));
        String roles = Files.readString(karaf.etc().resolve("org.apache.karaf.command.acl.target.cfg"));
        assertTrue(roles, roles.contains("delete = admin"));
        assertTrue(Files.readString(karaf.etc().resolve("io.sluice.iscsi.cfg")).contains("#threads = 0"));
        assertFalse("no key that nobody asked for", Files.exists(karaf.etc().resolve("client.key")));
    }

    /** The file of a setting that a feature has brought is read once more, and what it is for begins anew with it. */
    private void settled() throws Exception {
        for (String setting : List.of("io.sluice.iscsi", "io.sluice.manager", "io.sluice.backstore.file")) {
            until(() -> karaf.log().contains("configuration {" + setting + "}"), setting + " is not read");
        }
        karaf.await(karaf.portal(), StockKaraf.ADMINISTRATOR, "portal:list");
    }

    private static Set<String> files(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static boolean ours(String thread) {
        return thread.startsWith("sluice") || thread.startsWith("iscsi") || thread.startsWith("multiThreadIoEventLoop");
    }

    private Set<String> threads() {
        return Tool.run("jcmd", Long.toString(karaf.pid()), "Thread.print").lines().stream()
                .filter(line -> line.startsWith("\""))
                .map(line -> line.split("\"")[1])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(Condition condition, String what) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.holds()) {
            assertTrue(what, System.nanoTime() < deadline);
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }
}
