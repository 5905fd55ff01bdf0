package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Test;

/** Whatever is wrong when Sluice starts: one true line, an exit status that agrees, nothing left behind, and the evidence kept. */
public class StartTroubleIT {

    private static final long LIMIT_SECONDS = 120;

    private final Sluice sluice = new Sluice().light();

    @Before
    public void prepare() throws IOException {
        sluice.prepare();
    }

    @After
    public void stop() {
        sluice.after();
    }

    private static ServerSocket taken(int port) throws IOException {
        return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    }

    private static String only(Tool.Result result, int exit) {
        assertEquals(result.output(), exit, result.exit());
        assertEquals(result.output(), 1, result.lines().size());
        return result.lines().get(0);
    }

    private String busy(String what, int port) {
        return what + " 127.0.0.1:" + port + " cannot be opened: the address is in use";
    }

    @Test
    public void portalAndConsoleAreTaken() throws IOException {
        int portal = sluice.portal().getPort();
        int console = sluice.sshPort();
        try (ServerSocket first = taken(console)) {
            assertNotNull(first);
            try (ServerSocket second = taken(portal)) {
                assertNotNull(second);
                String line = only(sluice.start(), 1);
                assertTrue(line, line.contains(busy("portal", portal)) && line.contains(busy("console", console)));
                assertFalse("nothing is promised of what does not run any more", line.contains("again"));
                sluice.expectNothingLeft();
            }
            String evidence = sluice.log();
            String line = only(sluice.start(), 1);
            assertTrue(line, line.contains(busy("console", console)) && !line.contains("portal"));
            sluice.expectNothingLeft();
            assertTrue("the log of the first start is kept", sluice.log().startsWith(evidence));
            assertTrue("and the second one's is there", sluice.log().length() > evidence.length());
        }
    }

    @Test
    public void oneOfTwoPortalsIsTaken() throws Exception {
        int free = Sluice.freePort();
        try (ServerSocket other = taken(0)) {
            Files.createDirectories(sluice.etc());
            Files.writeString(
                    sluice.etc().resolve("gateway.json"),
                    """
                    {
                      "version": 1,
                      "portals": [
                        "127.0.0.1:%d",
                        "127.0.0.1:%d"
                      ],
                      "backstores": [],
                      "targets": []
                    }
                    """
                            .formatted(free, other.getLocalPort()));
            String line = only(sluice.start(), 2);
            String running = "Sluice runs with process id " + sluice.pid() + ", portal 127.0.0.1:" + free
                    + ", console 127.0.0.1:" + sluice.sshPort();
            assertTrue(line, line.contains(running));
            assertTrue(line, line.contains(busy("portal", other.getLocalPort())) && line.contains("tried again"));
            Tool.Result status = sluice.script("status");
            assertEquals(status.output(), 2, status.exit());
            assertEquals(running + ".", status.lines().get(0));
            assertEquals(status.output(), 2, status.lines().size());
            assertTrue(status.output(), status.lines().get(1).contains(busy("portal", other.getLocalPort())));
            assertTrue(only(sluice.script("start"), 1).contains("already running with process id " + sluice.pid()));
        }
        killedAndStartedAgain();
        whatHangsIsStoppedByForce();
    }

    private void killedAndStartedAgain() throws IOException {
        sluice.kill();
        assertEquals("what was left does not count", 3, sluice.script("status").exit());
        String evidence = sluice.log();
        Path console = sluice.folder().resolve("data/log/console.log");
        Files.writeString(console, "x".repeat(2 << 20));
        sluice.start().expectSuccess();
        assertTrue(sluice.log().startsWith(evidence));
        assertEquals("put aside, not emptied", 2 << 20, Files.size(console.resolveSibling("console.log.1")));
        assertEquals(0, sluice.script("status").exit());
    }

    private void whatHangsIsStoppedByForce() throws IOException {
        long pid = sluice.pid();
        Tool.run("kill", "-STOP", Long.toString(pid)).expectSuccess();
        sluice.environment("SLUICE_STOP_SECONDS", "1");
        String line = only(sluice.script("stop"), 1);
        assertTrue(line, line.contains("process " + pid + " still runs after 1 s") && line.contains("stop --force"));
        line = only(sluice.script("stop", "--force"), 0);
        assertTrue(line, line.contains("was killed"));
        sluice.expectNothingLeft();
        sluice.forget();
    }

    @Test
    public void inTheForegroundItSaysTheSameAndEndsWithAStatus() throws Exception {
        sluice.environment("EXTRA_JAVA_OPTS", Sluice.LIGHT + " -Xlog:gc:stdout");
        Path output = sluice.folder().resolve("run.log");
        Process run = sluice.begin(output, "run");
        try {
            await(run, output, "\n");
            String line = "Sluice runs with process id " + sluice.pid() + ", portal " + sluice.portalText();
            assertTrue(Files.readString(output), Files.readString(output).startsWith(line));
            assertEquals(
                    "what others print is no message of ours",
                    1,
                    Files.readAllLines(output).size());
            assertTrue(
                    "it is kept",
                    Files.readString(sluice.folder().resolve("data/log/console.log"))
                            .contains("Using Serial"));
            run.destroy();
            assertTrue("it ends", run.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS));
            assertEquals("what was asked to end has not failed", 0, run.exitValue());
            sluice.expectNothingLeft();
        } finally {
            run.destroy();
        }
        Files.writeString(sluice.etc().resolve("gateway.json"), "{");
        assertTrue(only(sluice.script("run"), 1).contains("gateway.json is not valid"));
        sluice.expectNothingLeft();
        assertTrue(only(sluice.start(), 1).contains("gateway.json is not valid"));
        sluice.expectNothingLeft();
    }

    /** A service manager is not told before, and what has to be mended ends it however late that is known. */
    @Test
    public void inTheForegroundASlowMachineIsWaitedFor() throws Exception {
        Path output = sluice.folder().resolve("run.log");
        Path told = Files.createFile(sluice.folder().resolve("told"));
        Path tools = Files.createDirectories(sluice.folder().resolve("tools"));
        Path manager = Files.writeString(tools.resolve("systemd-notify"), "#!/bin/sh\necho \"$@\" >>'" + told + "'\n");
        assertTrue(manager.toFile().setExecutable(true));
        sluice.environment("PATH", tools + ":" + System.getenv("PATH"));
        sluice.environment("NOTIFY_SOCKET", "/nobody/listens");
        sluice.environment("SLUICE_START_SECONDS", "0");
        String late = "sluice: it does not serve after 0 s: see ";
        Process run = sluice.begin(output, "run");
        try {
            await(run, told, "--ready\n");
            List<String> messages = Files.readAllLines(told);
            assertEquals("it asks for time before", "EXTEND_TIMEOUT_USEC=60000000", messages.get(0));
            assertEquals("and not after", "--ready", messages.get(messages.size() - 1));
            List<String> lines = Files.readAllLines(output);
            assertEquals(lines.toString(), 2, lines.size());
            assertTrue(lines.get(0), lines.get(0).startsWith(late));
            assertTrue(lines.get(1), lines.get(1).startsWith("Sluice runs with process id " + sluice.pid()));
            sluice.script("status").expectSuccess();
            run.destroy();
            assertTrue("it ends", run.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS));
            assertEquals(0, run.exitValue());
        } finally {
            run.destroy();
        }
        Files.writeString(sluice.etc().resolve("gateway.json"), "{");
        Tool.Result refused = sluice.script("run");
        assertEquals(refused.output(), 1, refused.exit());
        assertEquals(refused.output(), 2, refused.lines().size());
        assertTrue(refused.output(), refused.lines().get(0).startsWith(late));
        assertTrue(refused.output(), refused.lines().get(1).contains("gateway.json is not valid"));
        sluice.expectNothingLeft();
    }

    @Test
    public void aConsoleAtAnAddressOfAnotherMachineIsNamedBeforeTheStartGivesUp() throws IOException {
        String name = "org.apache.karaf.shell.cfg";
        String settings = Files.readString(Sluice.home().resolve("etc").resolve(name));
        String elsewhere = settings.replaceAll("(?m)^(sshHost *= *).*$", "$1192.0.2.1");
        assertFalse(settings.equals(elsewhere));
        Files.writeString(Files.createDirectories(sluice.etc()).resolve(name), elsewhere);
        assertEquals(
                "sluice: console 192.0.2.1:" + sluice.sshPort() + " cannot be opened; data/log/karaf.log says why",
                only(sluice.start(), 1));
        sluice.expectNothingLeft();
    }

    /** Waits until a program that runs has written something. */
    static void await(Process run, Path output, String text) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!Files.readString(output).contains(text)) {
            assertTrue("it ended: " + Files.readString(output), run.isAlive());
            assertTrue("it says nothing", System.nanoTime() < deadline);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @Test
    public void theStateOfAnotherGateway() throws IOException {
        sluice.start().expectSuccess();
        Sluice second = new Sluice().light();
        second.prepare();
        Path state = sluice.folder().resolve("state");
        second.environment("SLUICE_STATE", state.toString());
        try {
            String line = only(second.start(), 1);
            assertEquals(
                    "sluice: another gateway uses " + state
                            + ": give this one a folder of its own by SLUICE_STATE, or stop the other, then restart",
                    line);
            second.expectNothingLeft();
            sluice.kill();
            second.start().expectSuccess();
        } finally {
            second.after();
        }
    }

    @Test
    public void theStateIsNotMountedYet() throws IOException {
        sluice.start().expectSuccess();
        sluice.console("target:create " + Sluice.TARGET + " --file disk.img --size 1M");
        sluice.stop().expectSuccess();
        Path state = sluice.folder().resolve("state");
        Path away = Files.move(state, state.resolveSibling("away"));
        String refusal = "the state of the disks is not in " + state;
        assertEquals(
                "sluice: " + refusal + ": " + state.resolve("folder-id")
                        + " is missing: mount the folder that has it, or name it by SLUICE_STATE, then restart; or remove "
                        + sluice.etc().resolve("gateway.json.state")
                        + " to go on without its reservations and saved settings",
                only(sluice.start(), 1));
        sluice.expectNothingLeft();
        assertFalse("nothing is made in its place", Files.exists(state));
        assertTrue(only(sluice.script("backup", sluice.folder() + "/backup.tar.gz"), 1)
                .startsWith("sluice: " + refusal));
        Files.move(away, state);
        sluice.start().expectSuccess();
        Tool.run("qemu-io", "-f", "raw", "-c", "write 0 64k", sluice.url(Sluice.TARGET, 0))
                .expectSuccess();
    }

    @Test
    public void foldersThatCannotBeWritten() throws IOException {
        Path file = Files.createFile(sluice.folder().resolve("file"));
        for (String name : List.of("KARAF_DATA", "KARAF_ETC")) {
            Path inFile = file.resolve("folder");
            String line = only(sluice.shell(name + "=" + inFile + " \"$SLUICE\" start"), 1);
            assertEquals(
                    "sluice: cannot write to " + inFile + " (Not a directory): set " + name
                            + " to a folder that this user can write to",
                    line);
        }
    }

    @Test
    public void foldersThatAreReadOnly() throws IOException {
        for (String name : List.of("data", "etc")) {
            Path folder = Files.createDirectories(sluice.folder().resolve(name));
            String line = only(mounted("--bind " + folder, folder, "remount,bind,ro"), 1);
            assertTrue(line, line.startsWith("sluice: cannot write to " + folder + " (Read-only file system)"));
        }
        assertEquals("nothing was put there", List.of(), list(sluice.etc()));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    public void aFullDiskLeavesNoHalfFilledFolder() throws IOException {
        Path own = Files.createDirectories(sluice.etc()).resolve("io.sluice.iscsi.cfg");
        Files.writeString(own, "threads = 1\n");
        String line = only(sluice.shell("trap '' XFSZ; ulimit -f 8; exec \"$SLUICE\" start"), 1);
        assertTrue(line, line.startsWith("sluice: cannot fill " + sluice.etc() + " ("));
        assertEquals("only what was there", List.of(own), list(sluice.etc()));
        sluice.expectNothingLeft();
        sluice.start().expectSuccess();
        assertEquals("the user's own file stays", "threads = 1\n", Files.readString(own));
    }

    @Test
    public void aDiskThatIsTooSmall() throws IOException {
        Path data = Files.createDirectories(sluice.folder().resolve("data"));
        String line = only(mounted("-t tmpfs -o size=1m \"my share\"", data, ""), 1);
        assertTrue(line, line.startsWith("sluice: only 1 MiB are free where " + data + " is: make room"));
    }

    @Test
    public void noJavaOrAWrongOne() throws IOException {
        Path old = Files.createDirectories(sluice.folder().resolve("jdk11/bin"));
        Files.writeString(old.resolveSibling("release"), "JAVA_VERSION=\"11.0.2\"\n");
        Files.writeString(old.resolve("java"), "#!/bin/sh\nexit 1\n");
        assertTrue(old.resolve("java").toFile().setExecutable(true));
        sluice.environment("PATH", "/usr/bin:/bin");
        sluice.environment("JAVA_HOME", "/no/such");
        Path machine = Path.of("/usr/lib/jvm");
        assertEquals(
                "sluice: Java 17 (or 21) is needed, and there is none: install it, or set JAVA_HOME to where it is",
                only(mounted("-t tmpfs tmpfs", machine, ""), 1));
        sluice.environment("JAVA_HOME", old.getParent().toString());
        String line = only(mounted("-t tmpfs tmpfs", machine, ""), 1);
        assertTrue(line, line.contains("there is none; " + old.getParent() + " has 11: install it"));
        sluice.expectNothingLeft();
    }

    /** Starts with something else mounted on a folder, in a name space of its own, which not every machine allows. */
    private Tool.Result mounted(String what, Path folder, String then) throws IOException {
        Tool.Result allowed = Tool.run("unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt");
        Assume.assumeTrue("this machine lets nobody mount: " + allowed.output(), allowed.exit() == 0);
        String more = then.isEmpty() ? "" : " && mount -o " + then + " " + folder;
        return sluice.shell(
                "exec unshare -m bash -c 'mount " + what + " " + folder + more + " && exec \"$SLUICE\" start'");
    }

    @Test
    public void whatDoesNotRunCanOnlyBeStarted() throws IOException {
        String folder = "(data folder " + sluice.folder() + "/data)";
        assertEquals("Sluice is not running " + folder + ".", only(sluice.script("status"), 3));
        assertEquals("sluice: not running " + folder, only(sluice.script("stop"), 1));
        assertEquals("sluice: not running: start it first " + folder, only(sluice.script("client", "target:list"), 1));
        assertTrue(only(sluice.script("start", "now"), 1).contains("'start' takes no 'now'"));
        assertTrue(only(sluice.script("logs"), 1).contains("karaf.log yet"));
        assertFalse("asking makes no folders", Files.exists(sluice.etc()));
        String version = only(sluice.script("version"), 0).replace("Sluice ", "-");
        assertTrue(version, System.getProperty("sluice.distribution").endsWith(version + ".tar.gz"));
    }
}
