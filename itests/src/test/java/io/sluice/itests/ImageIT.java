package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The image for containers, which {@code -Pimage} makes: what is in it, and that it serves without any privilege. */
public class ImageIT {

    private static final String IMAGE = System.getProperty("sluice.image");

    /** Of what Kubernetes gives a container that it ends, half. */
    private static final Duration STOP = Duration.ofSeconds(15);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Container container;
    private String portal;

    @Before
    public void unpack() throws IOException {
        assertTrue("there is no " + IMAGE + ": make it with -Pimage", Files.exists(Path.of(IMAGE)));
        container = new Container(Path.of(IMAGE), folder.getRoot().toPath());
        portal = "127.0.0.1:" + Sluice.freePort();
        container.set("SLUICE_PORTAL", portal);
        container.set("SLUICE_SSH_PORT", Integer.toString(Sluice.freePort()));
        container.set("EXTRA_JAVA_OPTS", Sluice.LIGHT);
    }

    @After
    public void end() {
        container.close();
    }

    private Tool.Result qemu(String command) {
        return Tool.run("qemu-io", "-f", "raw", "-c", command, "iscsi://" + portal + "/" + Sluice.TARGET + "/0");
    }

    @Test
    public void itServesWithoutPrivilegesAndKeepsItsDisksInItsVolumes() throws Exception {
        container.start();
        String status = Files.readString(
                Path.of("/proc", Long.toString(container.first().pid()), "status"));
        assertTrue(status, status.contains("\nUid:\t10001\t10001\t10001\t10001\n"));
        assertTrue(status, status.contains("\nCapEff:\t0000000000000000\n"));
        assertTrue(
                "its root can be read only",
                container.exec("touch", "/usr/share/sluice/x").exit() != 0);
        container.exec("sluice", "status").expectSuccess();
        String made = container
                .exec("sluice", "client", "target:create " + Sluice.TARGET + " --file a.img --size 16M")
                .expectSuccess()
                .output();
        assertTrue(made, made.contains("LUN 0"));
        qemu("write -P 0x5a 1M 2M").expectSuccess();

        long begin = System.nanoTime();
        assertEquals("it ends as it was asked to", 0, container.stop());
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertTrue("it ended after " + took, took.compareTo(STOP) < 0);

        container.start();
        qemu("read -P 0x5a 1M 2M").expectSuccess();
        assertTrue(Files.exists(container.volume("/var/lib/sluice").resolve("volumes/a.img")));
        assertTrue(Files.exists(container.volume("/etc/sluice").resolve("gateway.json")));
        String log = Files.readString(container.volume("/var/lib/sluice").resolve("data/log/karaf.log"));
        assertFalse(log, log.contains("| ERROR |"));
        assertEquals(0, container.stop());
    }

    @Test
    public void itSaysWhatARuntimeHasToKnow() throws IOException {
        JsonNode asked = container.configuration();
        assertEquals("10001", container.user());
        assertEquals("/usr/bin/sluice", asked.at("/process/args/0").asText());
        assertEquals("run", asked.at("/process/args/1").asText());
        JsonNode notes = asked.at("/annotations");
        assertEquals(
                "3260/tcp", notes.at("/org.opencontainers.image.exposedPorts").asText());
        assertEquals("Sluice", notes.at("/org.opencontainers.image.title").asText());
        assertEquals(
                "Apache-2.0", notes.at("/org.opencontainers.image.licenses").asText());
        // Two images of one source are the same, so no time of the build is in it.
        assertEquals(
                "2026-11-23T00:00:00Z",
                notes.at("/org.opencontainers.image.created").asText());
        assertTrue(
                notes.toString(),
                notes.at("/org.opencontainers.image.version").asText().startsWith("0."));
        for (String volume : List.of("/etc/sluice", "/var/lib/sluice")) {
            assertTrue(volume, asked.at("/mounts").toString().contains('"' + volume + '"'));
        }
    }

    @Test
    public void nothingOfAnInstanceAndNobodysSecretIsInIt() throws IOException {
        Path sluice = container.root().resolve("usr/share/sluice");
        assertFalse(Files.exists(sluice.resolve("data")));
        try (Stream<Path> all = Files.walk(container.root())) {
            for (Path path : all.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                String name = "/" + container.root().relativize(path);
                assertFalse(
                        "of an instance: " + name,
                        name.matches(".*(\\.img|/host\\.key|/client\\.key|/gateway\\.json|/\\.m2|/\\.git).*"));
                Set<PosixFilePermission> may = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
                assertTrue(
                        "others may write: " + name,
                        !may.contains(PosixFilePermission.OTHERS_WRITE)
                                || name.matches("/(etc/sluice|var/lib/sluice.*|tmp|var/tmp|run/lock)"));
                int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
                assertTrue("runs as another: " + name, Files.isDirectory(path) || (mode & 06000) == 0);
            }
        }
        String users = Files.readString(sluice.resolve("etc/users.properties"));
        assertTrue(
                users,
                users.lines().allMatch(line -> line.isBlank() || line.startsWith("#") || line.startsWith("_g_")));
    }
}
