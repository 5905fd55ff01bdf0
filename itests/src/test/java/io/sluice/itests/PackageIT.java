package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The Debian package, unpacked in a folder: what is in it, and that it serves as a service does. */
public class PackageIT {

    private static final String PACKAGE = System.getProperty("sluice.deb");
    private static final Duration LIMIT = Duration.ofSeconds(240);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Map<String, String> environment() throws IOException {
        Map<String, String> all = new TreeMap<>();
        all.put("KARAF_ETC", folder.newFolder("etc").toString());
        all.put("KARAF_DATA", folder.newFolder("data").toString());
        all.put("SLUICE_STATE", folder.newFolder("state").toString());
        all.put("SLUICE_PORTAL", "127.0.0.1:" + Sluice.freePort());
        all.put("SLUICE_SSH_PORT", Integer.toString(Sluice.freePort()));
        all.put("EXTRA_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        return all;
    }

    private Path unpacked() throws IOException {
        Path root = folder.newFolder("root").toPath();
        Tool.run("dpkg-deb", "-x", PACKAGE, root.toString()).expectSuccess();
        return root;
    }

    @Test
    public void itServesFromTheFoldersOfTheServiceAndTellsItsManagerWhen() throws Exception {
        Path root = unpacked();
        Path defaults = root.resolve("etc/default/sluice");
        Path volumes = folder.newFolder("volumes").toPath();
        Files.writeString(defaults, Files.readString(defaults).replace("/var/lib/sluice/volumes", volumes.toString()));
        Path told = folder.getRoot().toPath().resolve("told");
        Map<String, String> environment = environment();
        environment.put("NOTIFY_SOCKET", "/nobody/listens");
        environment.put("PATH", manager(told) + ":" + System.getenv("PATH"));
        String sluice = root.resolve("usr/bin/sluice").toString();

        ProcessBuilder service = new ProcessBuilder(sluice, "run");
        service.environment().putAll(environment);
        service.redirectErrorStream(true)
                .redirectOutput(folder.getRoot().toPath().resolve("journal").toFile());
        Process running = service.start();
        try {
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (!Files.exists(told)) {
                assertTrue("it runs", running.isAlive());
                assertTrue("the manager is told", System.nanoTime() < deadline);
                running.waitFor(50, TimeUnit.MILLISECONDS);
            }
            assertEquals("--ready", Files.readString(told).strip());
            Tool.run(environment, sluice, "status").expectSuccess();
            String made = Tool.run(
                            environment, sluice, "client", "target:create " + Sluice.TARGET + " --file a.img --size 8M")
                    .expectSuccess()
                    .output();
            assertTrue(made, made.contains("LUN 0"));
            assertTrue("disks are where the defaults say", Files.exists(volumes.resolve("a.img")));
            Tool.run(
                            "qemu-io",
                            "-f",
                            "raw",
                            "-c",
                            "write -P 0x5a 0 1M",
                            "iscsi://" + environment.get("SLUICE_PORTAL") + "/" + Sluice.TARGET + "/0")
                    .expectSuccess();
        } finally {
            running.destroy();
        }
        assertTrue("it ends", running.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertEquals("as it was asked to", 0, running.exitValue());
    }

    /** Stands for systemd-notify, and writes what it is to tell, but not that it asks for time. */
    private Path manager(Path told) throws IOException {
        Path programs = folder.newFolder("programs").toPath();
        Path notify = Files.writeString(
                programs.resolve("systemd-notify"),
                "#!/bin/sh\n[ \"$1\" = --ready ] || exit 0\necho \"$@\" >" + told + ".new\nmv " + told + ".new " + told
                        + "\n");
        Files.setPosixFilePermissions(notify, PosixFilePermissions.fromString("rwxr-xr-x"));
        return programs;
    }

    @Test
    public void whatIsInItIsWhereAndHowItHasToBe() throws IOException {
        List<String> listing =
                Tool.run("dpkg-deb", "-c", PACKAGE).expectSuccess().lines();
        for (String expected : List.of(
                "-rwxr-xr-x root/root .* ./usr/bin/sluice",
                "-rwxr-xr-x root/root .* ./usr/share/sluice/bin/sluice",
                "-rw-r--r-- root/root .* ./etc/default/sluice",
                "-rw-r--r-- root/root .* ./usr/lib/systemd/system/sluice.service",
                "l.* root/root .* ./usr/share/sluice/deploy -> /var/lib/sluice/deploy")) {
            assertTrue(expected, listing.stream().anyMatch(line -> line.matches(expected)));
        }
        for (String line : listing) {
            assertFalse(
                    "of an instance: " + line,
                    line.matches(".*(/data/|\\.img|host\\.key|client\\.key|gateway\\.json).*"));
            assertFalse("others may write: " + line, line.matches("[-d].{7}w.*"));
        }
    }

    @Test
    public void itsScriptsAndItsServiceAreUnderstood() throws IOException {
        Path control = folder.newFolder("control").toPath();
        Tool.run("dpkg-deb", "-e", PACKAGE, control.toString()).expectSuccess();
        for (String script : List.of("postinst", "prerm", "postrm")) {
            Tool.run("sh", "-n", control.resolve(script).toString()).expectSuccess();
            assertTrue(script, Files.isExecutable(control.resolve(script)));
        }
        assertEquals(
                "/etc/default/sluice",
                Files.readString(control.resolve("conffiles")).strip());
        String about = Files.readString(control.resolve("control"));
        assertTrue(about, about.contains("\nVersion: 0.") && about.contains("openjdk-17-jre-headless"));
        Path root = unpacked();
        String service = Files.readString(root.resolve("usr/lib/systemd/system/sluice.service"));
        assertTrue(service, service.contains("\nExecStart=/usr/bin/sluice run\n") && service.contains("Type=notify"));
    }
}
