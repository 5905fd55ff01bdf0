package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.Rule;
import org.junit.Test;

/** Starting and stopping: how fast, how large, and what is said when it cannot be. */
public class StartIT {

    /** The product promises 5 s on a quiet machine; one that builds something else meanwhile takes longer. */
    private static final long LIMIT_MILLIS = 45_000;

    private static final long LIMIT_KIB = 300 << 10;

    @Rule
    public final Sluice sluice = new Sluice().light();

    @Test
    public void readySoonAndSmall() throws IOException {
        sluice.stop().expectSuccess();
        sluice.environment("EXTRA_JAVA_OPTS", "");
        long begin = System.nanoTime();
        sluice.start().expectSuccess();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        try (TestInitiator initiator = TestInitiator.connect(sluice.portal()).loginDiscovery()) {
            initiator.logout();
        }
        sluice.console("gateway:status");
        long kibibytes = sluice.residentKiB();
        System.out.println("ready to serve after " + millis + " ms, resident " + kibibytes / 1024 + " MiB");
        assertTrue(millis + " ms", millis < LIMIT_MILLIS);
        assertTrue(kibibytes + " KiB", kibibytes < LIMIT_KIB);
    }

    @Test
    public void bootsWithoutRefreshingAnything() throws IOException {
        String log = sluice.log();
        assertFalse(log, log.contains("Refreshing bundles:"));
        assertFalse(log, log.contains("Stopping bundles:"));
        assertFalse(log, log.contains("| ERROR"));
        assertFalse(log, log.contains("| WARN "));
    }

    @Test
    public void startingTwiceIsRefusedInOneLine() throws IOException {
        Tool.Result again = sluice.script("start").expectFailure();
        assertEquals(again.output(), 1, again.lines().size());
        assertTrue(again.output(), again.output().contains("already running"));
    }

    @Test
    public void aPortalInUseIsRefusedInOneLine() throws IOException {
        Sluice other = new Sluice().light();
        other.prepare();
        other.environment("SLUICE_PORTAL", sluice.portalText());
        Tool.Result start = other.script("start").expectFailure();
        assertEquals(start.output(), 1, start.lines().size());
        assertTrue(start.output(), start.output().contains("the address is in use"));
    }

    @Test
    public void twoInstancesOfOneInstallationRunSideBySide() throws IOException {
        Sluice other = new Sluice().light();
        other.prepare();
        other.start().expectSuccess();
        try {
            for (Sluice instance : new Sluice[] {sluice, other}) {
                instance.console("target:create " + Sluice.TARGET + " --file disk.img --size 1M");
            }
            String first = sluice.url(Sluice.TARGET, 0);
            String second = other.url(Sluice.TARGET, 0);
            Tool.run("qemu-io", "-f", "raw", "-c", "write -P 1 0 1M", first).expectSuccess();
            Tool.run("qemu-io", "-f", "raw", "-c", "write -P 2 0 1M", second).expectSuccess();
            other.stop().expectSuccess();
            Tool.run("qemu-io", "-f", "raw", "-c", "read -P 1 0 1M", first).expectSuccess();
            sluice.console("target:delete " + Sluice.TARGET + "; backstore:delete disk");
        } finally {
            other.after();
        }
    }

    @Test
    public void foldersMayHaveBlanksInTheirNames() throws IOException {
        Sluice other = new Sluice().light();
        other.prepare();
        Path folders = other.folder().resolve("of  two words");
        other.environment("KARAF_DATA", folders + "/da ta");
        other.environment("KARAF_ETC", folders + "/e tc");
        other.environment("SLUICE_STATE", folders + "/st ate");
        other.environment("SLUICE_VOLUMES", folders + "/vol umes");
        other.start().expectSuccess();
        try {
            other.console("target:create " + Sluice.TARGET + " --file disk.img --size 1M");
            assertTrue("the disk", Files.exists(folders.resolve("vol umes/disk.img")));
            assertTrue("the configuration", Files.exists(folders.resolve("e tc/gateway.json")));
            assertTrue("the log", Files.exists(folders.resolve("da ta/log/karaf.log")));
            assertEquals(
                    List.of("of  two words"), List.of(other.folder().toFile().list()));
        } finally {
            other.after();
        }
        other.environment("KARAF_NOROOT", "true");
        Tool.Result byKaraf = other.script("start").expectFailure();
        assertEquals(byKaraf.output(), 1, byKaraf.lines().size());
        assertTrue(byKaraf.output(), byKaraf.output().contains("takes no folder with a blank in its name"));
    }

    /** Whoever is root where systemd runs would get a service, so only what is shown is tried. */
    @Test
    public void theServiceIsThatOfThePackageInTheFoldersOfTheInstance() throws IOException {
        sluice.environment("SLUICE_STATE", sluice.folder() + "/a state of 100%");
        String unit = sluice.script("install-service", "--user", "disks", "--dry-run")
                .expectSuccess()
                .output();
        assertTrue(unit, unit.contains("\nUser=disks\n") && unit.contains("\nType=notify\n"));
        assertTrue(unit, unit.contains("\nExecStart=\"" + Sluice.home() + "/bin/sluice\" run\n"));
        assertTrue(unit, unit.contains("\nEnvironment=\"SLUICE_STATE=" + sluice.folder() + "/a state of 100%%\"\n"));
        assertTrue(unit, unit.contains("\nReadWritePaths=\"" + sluice.etc() + "\" "));
        assertTrue(unit, unit.contains("\nProtectSystem=strict\n"));
        Path file = Files.writeString(sluice.folder().resolve("sluice.service"), unit);
        Tool.Result verified =
                Tool.run("systemd-analyze", "verify", file.toString()).expectSuccess();
        assertEquals(
                "",
                verified.output()
                        .lines()
                        .filter(line -> line.contains("sluice"))
                        .collect(Collectors.joining()));
        Tool.Result strange = sluice.script("install-service", "--user", "a b").expectFailure();
        assertEquals(strange.output(), 1, strange.lines().size());
    }

    @Test
    public void aServiceGetsNoFolderWithFilesOfOthers() throws IOException {
        Path shared = Files.createDirectories(sluice.folder().resolve("srv"));
        Path theirs = Files.writeString(shared.resolve("theirs"), "");
        sluice.environment("SLUICE_VOLUMES", shared.toString());
        Tool.Result refused =
                sluice.script("install-service", "--user", "disks", "--dry-run").expectFailure();
        assertEquals(refused.output(), 1, refused.lines().size());
        assertTrue(refused.output(), refused.output().contains(theirs + " is not disks's"));
        Files.delete(theirs);
        for (String left : List.of(".lock", "folder-id")) {
            Files.writeString(shared.resolve(left), "of a gateway that was tried out as another user");
        }
        sluice.script("install-service", "--user", "disks", "--dry-run").expectSuccess();
    }

    @Test
    public void aServiceSeesWhatItNeedsWhereverThatIs() throws IOException {
        sluice.environment("JAVA_OPTS", "-XX:+UseG1GC -Dof=\"mine\"");
        sluice.environment("SLUICE_VOLUMES", "/home/no such user/disks");
        String unit = sluice.script("install-service", "--user", "disks", "--dry-run")
                .expectSuccess()
                .output();
        assertTrue(unit, unit.contains("\nProtectHome=read-only\n"));
        assertTrue(unit, unit.contains(" \"/home/no such user/disks\" "));
        assertTrue(unit, unit.contains("\nEnvironment=\"JAVA_OPTS=-XX:+UseG1GC -Dof=\\\"mine\\\"\"\n"));
        Path big = Files.createDirectories(sluice.folder().resolve("a big disk"));
        Path link = Files.createSymbolicLink(sluice.folder().resolve("link"), big);
        sluice.environment("SLUICE_VOLUMES", link.toString());
        unit = sluice.script("install-service", "--user", "disks", "--dry-run")
                .expectSuccess()
                .output();
        assertTrue(unit, unit.contains(" \"" + big + "\" "));
        assertTrue(unit, unit.contains("\nEnvironment=\"SLUICE_VOLUMES=" + big + "\"\n"));
        Path theirs = Files.writeString(big.resolve("theirs"), "");
        Tool.Result refused =
                sluice.script("install-service", "--user", "disks", "--dry-run").expectFailure();
        assertTrue(refused.output(), refused.output().contains(theirs + " is not disks's"));
    }

    @Test
    public void stoppingWhatDoesNotRunIsRefusedInOneLine() throws IOException {
        Sluice other = new Sluice().light();
        other.prepare();
        Tool.Result stop = other.script("stop").expectFailure();
        assertEquals(stop.output(), 1, stop.lines().size());
        assertTrue(stop.output(), stop.output().contains("not running"));
    }

    @Test
    public void demoMakesADiskToTryOut() throws IOException {
        Tool.Result demo = sluice.script("demo").expectSuccess();
        String url = sluice.url("iqn.2026-11.io.sluice:demo", 0);
        assertTrue(demo.output(), demo.output().contains("ready: " + url));
        Tool.run("qemu-io", "-f", "raw", "-c", "write -P 1 0 1M", "-c", "read -P 1 0 1M", url)
                .expectSuccess();
        sluice.script("demo").expectSuccess();
    }
}
