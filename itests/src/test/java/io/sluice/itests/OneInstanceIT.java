package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.Assume;
import org.junit.Rule;
import org.junit.Test;

/** One gateway of a data folder at a time, whatever the folder is called and wherever the other one runs. */
public class OneInstanceIT {

    private static final long LIMIT_SECONDS = 120;

    /** Ends but for a thread that holds the lock of the file with its number, and writes when that is so; goes with its group. */
    private static final String LEFT_OVER =
            """
            import ctypes, fcntl, os, sys, threading, time
            number = open(sys.argv[1], "w")
            fcntl.flock(number, fcntl.LOCK_EX)
            number.write(f"{os.getpid()}\\n")
            number.flush()
            def stay():
                while open("/proc/self/stat").read().split()[2] != "Z":
                    time.sleep(0.01)
                print("left", flush=True)
                time.sleep(600)
            threading.Thread(target=stay, daemon=True).start()
            ctypes.CDLL(None).syscall(60 if os.uname().machine == "x86_64" else 93, 0)
            """;

    @Rule
    public final Sluice sluice = new Sluice().light();

    private Path data() {
        return sluice.folder().resolve("data");
    }

    private static String only(Tool.Result result, int exit) {
        assertEquals(result.output(), exit, result.exit());
        assertEquals(result.output(), 1, result.lines().size());
        return result.lines().get(0);
    }

    private void expectAsItWas(long pid) throws IOException {
        assertEquals(pid, sluice.pid());
        sluice.script("status").expectSuccess();
        assertFalse("no file that somebody may remove is a condition", Files.exists(data().resolve("lock")));
    }

    @Test
    public void anotherNameOfTheFolderIsTheSameInstance() throws IOException {
        long pid = sluice.pid();
        Path link = Files.createSymbolicLink(sluice.folder().resolve("link"), data());
        String named = "KARAF_DATA='" + link + "' \"$SLUICE\" ";
        assertEquals(
                "sluice: already running with process id " + pid + " (data folder " + link + ")",
                only(sluice.shell(named + "start"), 1));
        assertTrue(only(sluice.shell(named + "status"), 0).contains("process id " + pid));
        expectAsItWas(pid);
    }

    @Test
    public void oneWhoseProcessIsNotSeenIsLeftAlone() throws IOException {
        Tool.Result allowed = Tool.run("unshare", "-pf", "--mount-proc", "true");
        Assume.assumeTrue("this machine gives nobody processes of his own: " + allowed.output(), allowed.exit() == 0);
        long pid = sluice.pid();
        String reason =
                "sluice: it runs where its process cannot be seen from here, such as in another container (data folder "
                        + data() + ")";
        for (String command : new String[] {"start", "restart", "run", "stop", "stop --force"}) {
            assertEquals(reason, only(sluice.shell("exec unshare -pf --mount-proc \"$SLUICE\" " + command), 1));
        }
        assertEquals(reason, only(sluice.shell("exec unshare -pf --mount-proc \"$SLUICE\" status"), 4));
        expectAsItWas(pid);
    }

    /** As when a thread of the old one waits for a disk, which keeps its parent waiting. */
    @Test
    public void aRunThatNoticesTheEndLateLeavesTheNextOneAlone() throws Exception {
        sluice.stop().expectSuccess();
        Path output = sluice.folder().resolve("run.log");
        Process run = sluice.begin(output, "run");
        try {
            StartTroubleIT.await(run, output, "\n");
            long old = sluice.pid();
            signal("STOP", run.pid());
            signal("KILL", old);
            sluice.shell("exec timeout " + LIMIT_SECONDS + " bash -c 'until [[ $(</proc/" + old
                            + "/stat) = *\") Z \"* ]]; do sleep 0.05; done'")
                    .expectSuccess();
            sluice.start().expectSuccess();
            long pid = sluice.pid();
            signal("CONT", run.pid());
            assertTrue("it ends", run.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS));
            assertEquals("as what it waited for", 137, run.exitValue());
            expectAsItWas(pid);
        } finally {
            run.destroyForcibly();
        }
    }

    /** Whoever upgrades may forget the stop. */
    @Test
    public void anotherReleaseChangesNothingOfOneThatRuns() throws IOException {
        long pid = sluice.pid();
        Path home = sluice.folder().resolve("newer");
        Tool.run("cp", "-a", Sluice.home().toString(), home.toString()).expectSuccess();
        Files.writeString(home.resolve("VERSION"), "99.0\n");
        Path startup = home.resolve("etc/startup.properties");
        Files.writeString(startup, Files.readString(startup) + "# of the newer release\n");
        String before = Files.readString(sluice.etc().resolve("startup.properties"));
        for (String command : new String[] {"start", "run"}) {
            assertEquals(
                    "sluice: already running with process id " + pid + " (data folder " + data() + ")",
                    only(sluice.shell("'" + home + "/bin/sluice' " + command), 1));
            assertEquals(before, Files.readString(sluice.etc().resolve("startup.properties")));
            assertTrue("its framework runs from there", Files.exists(data().resolve("cache")));
        }
        expectAsItWas(pid);
    }

    private static void signal(String name, long pid) {
        Tool.run("kill", "-" + name, Long.toString(pid)).expectSuccess();
    }

    @Test
    public void aThreadThatIsLeftOfOneIsNoObstacle() throws Exception {
        sluice.stop().expectSuccess();
        Path output = sluice.folder().resolve("left.log");
        Process left = new ProcessBuilder(
                        "python3", "-c", LEFT_OVER, data().resolve("sluice.pid").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            StartTroubleIT.await(left, output, "left");
            assertEquals(3, sluice.script("status").exit());
            sluice.start().expectSuccess();
            expectAsItWas(sluice.pid());
        } finally {
            left.destroyForcibly();
        }
    }

    /** Between two looks at it the last thread may go, and its lock with it. */
    @Test
    public void oneThatEndsWhileItIsLookedAtIsNowhere() throws Exception {
        sluice.stop().expectSuccess();
        Path pid = data().resolve("sluice.pid");
        Process holder = new ProcessBuilder(
                        "flock", pid.toString(), "-c", "echo $PPID >'" + pid + "' && exec sleep 600")
                .start();
        try {
            sluice.shell("exec timeout " + LIMIT_SECONDS + " bash -c 'until [ -s \"" + pid
                            + "\" ]; do sleep 0.05; done'")
                    .expectSuccess();
            assertEquals(
                    "it is none of ours, and not seen",
                    4,
                    sluice.script("status").exit());
            Path tools = Files.createDirectories(sluice.folder().resolve("tools"));
            Path looks = Files.writeString(
                    tools.resolve("flock"),
                    "#!/bin/bash\n/usr/bin/flock \"$@\"\nresult=$?\n"
                            + "if [ $result -eq 100 ]; then kill -KILL " + holder.pid() + " "
                            + "$(pgrep -P " + holder.pid() + "); until /usr/bin/flock -n '" + pid
                            + "' true; do sleep 0.05; done; fi\nexit $result\n");
            assertTrue(looks.toFile().setExecutable(true));
            sluice.environment("PATH", tools + ":" + System.getenv("PATH"));
            Tool.Result looked = sluice.script("status");
            assertEquals(looked.output(), 3, looked.exit());
        } finally {
            holder.descendants().forEach(ProcessHandle::destroyForcibly);
            holder.destroyForcibly();
        }
    }
}
