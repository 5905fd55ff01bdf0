package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Test;

/** Who did what: one line for each change, login and end of a session, in a file that loses none and that nobody can forge. */
public class AuditIT {

    private static final Sluice SLUICE = new Sluice().light();
    private static final Pattern LINE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z (.*)");
    private static final String HOST = "iqn.2026-11.io.sluice.testkit:initiator@127.0.0.1:";
    private static final String ALICE = "alice@127.0.0.1 ";
    private static final String LOGIN = "Session .*@/127\\.0\\.0\\.1:\\d+ authenticated";

    /** The lines of this file are counted, so that one test after the other sees its own. */
    private int seen;

    private final List<TestInitiator> initiators = new ArrayList<>();

    @BeforeClass
    public static void start() throws IOException {
        SLUICE.prepare();
        // A start fills the folder that is edited here.
        SLUICE.start().expectSuccess();
        SLUICE.stop().expectSuccess();
        Path logging = SLUICE.etc().resolve("org.ops4j.pax.logging.cfg");
        String rotatesSoon = Files.readString(logging)
                .replaceFirst("(?m)^(log4j2\\.appender\\.audit\\.policies\\.size\\.size *= *).*$", "$116KB");
        assertTrue(rotatesSoon, rotatesSoon.contains("16KB"));
        Files.writeString(logging, rotatesSoon);
        String keys = "alice = " + newKey("alice") + ",_g_:admingroup\nvera = " + newKey("vera") + ",viewer,ssh\n";
        newKey("stranger");
        Files.writeString(SLUICE.etc().resolve("keys.properties"), keys, StandardOpenOption.APPEND);
        SLUICE.start().expectSuccess();
        // Waits until the console is there.
        SLUICE.console("target:create " + Sluice.TARGET + " --file disk.img --size 64M");
    }

    @AfterClass
    public static void stop() throws IOException {
        SLUICE.stop().expectSuccess();
    }

    private static Path key(String name) {
        return SLUICE.folder().resolve(name + ".key");
    }

    private static String newKey(String name) throws IOException {
        return Console.newKey(key(name));
    }

    private static Tool.Result ssh(String user, String keyName, String command) {
        return Console.openSsh(SLUICE, user, key(keyName), command);
    }

    @Before
    public void begin() throws IOException {
        seen = lines().size();
    }

    @After
    public void close() throws IOException {
        for (TestInitiator initiator : initiators) {
            initiator.close();
        }
    }

    @Test
    public void everyChangeLeavesOneLineWithItsUser() throws IOException {
        String other = "iqn.2026-11.io.sluice:other";
        String portal = "127.0.0.1:" + Sluice.freePort();
        done("backstore:create memory m0 --size 8M", "create backstore m0 (type memory, 8 MiB)");
        done("lun:map " + Sluice.TARGET + " m0 --lun 5", "map backstore m0 to LUN 5 of target " + Sluice.TARGET);
        done("lun:unmap " + Sluice.TARGET + " 5", "unmap LUN 5 of target " + Sluice.TARGET);
        done("backstore:delete m0", "delete backstore m0");
        done("backstore:resize disk 96M", "resize backstore disk to 96 MiB");
        done("backstore:reopen disk | grep x", "reopen backstore disk");
        done(
                "target:access " + Sluice.TARGET + " standby",
                "set access state of target " + Sluice.TARGET + " to standby");
        done("target:disable " + Sluice.TARGET, "disable target " + Sluice.TARGET);
        done("target:enable " + Sluice.TARGET, "enable target " + Sluice.TARGET);
        done(
                "target:access " + Sluice.TARGET + " active-optimized",
                "set access state of target " + Sluice.TARGET + " to active-optimized");
        done(
                "target:create " + other + " --file other.img --size 8M",
                "create target " + other + " with backstore other (type file, 8 MiB, with path)");
        done("target:delete " + other, "delete target " + other);
        done("target:create " + other, "create target " + other);
        done("target:delete " + other + " --force", "delete target " + other + ", with its users");
        done("portal:create " + portal, "create portal " + portal);
        done("portal:set " + portal + " --group 7", "change portal " + portal + " in group 7");
        done("portal:delete " + portal, "delete portal " + portal);
        assertTrue("karaf.log has it too", SLUICE.log().contains(ALICE + "delete portal " + portal + ": done"));
    }

    private void done(String command, String line) throws IOException {
        Tool.Result result = ssh("alice", "alice", command);
        assertEquals(command + " " + result.output(), List.of(ALICE + line + ": done"), news());
    }

    @Test
    public void soDoesWhatIsRefused() throws IOException {
        refused(
                "backstore:resize nosuch 1G",
                "resize backstore nosuch to 1 GiB: refused: there is no backstore nosuch: backstore:list shows those that"
                        + " there are");
        refused(
                "session:close 4711",
                "close session 4711: refused: there is no session 4711: session:list shows those that there are");
        refused(
                "backstore:create file secret --size 1M -o key=hunter2",
                "create backstore secret (type file, 1 MiB, with key): refused: type file has no option 'key'");
        ssh("alice", "alice", "target:list; gateway:status; backstore:info disk")
                .expectSuccess();
        assertEquals("who only looks leaves nothing", List.of(), news());
    }

    private void refused(String command, String line) throws IOException {
        ssh("alice", "alice", command).expectFailure();
        List<String> news = news();
        assertEquals(news.toString(), 1, news.size());
        assertTrue(news.get(0), news.get(0).startsWith(ALICE + line));
        assertFalse("a value may be a secret", news.get(0).contains("hunter2"));
    }

    @Test
    public void whoGetsIntoTheConsoleAndWhoDoesNot() throws IOException {
        ssh("vera", "vera", "target:list").expectSuccess();
        ssh("vera", "vera", "target:delete " + Sluice.TARGET).expectFailure();
        List<String> all = lines();
        List<String> entries = all.subList(seen, all.size());
        assertEquals(entries.toString(), 2, entries.size());
        entries.forEach(entry -> assertTrue(entry, entry.matches("Session vera@/127\\.0\\.0\\.1:\\d+ authenticated")));
        seen = all.size();
        ssh("vera", "stranger", "target:list").expectFailure();
        ssh("x\n2026-11-28T12:00:00.000Z bob@10.0.0.1 delete target y: done\u001b[2K", "stranger", "target:list")
                .expectFailure();
        List<String> failures = news();
        assertEquals(failures.toString(), 2, failures.size());
        assertTrue(failures.get(0), failures.get(0).startsWith("Authentication failed - vera - ssh(/127.0.0.1:"));
        assertTrue(
                failures.get(1),
                failures.get(1)
                        .startsWith("Authentication failed - x?2026-11-28T12:00:00.000Z bob@10.0.0.1 delete target y:"
                                + " done?[2K - ssh(/127.0.0.1:"));
    }

    @Test
    public void nobodyForgesALine() throws IOException {
        ssh("alice", "alice", "backstore:delete \"x: done\n2026-11-28T12:00:00.000Z bob@10.0.0.1 delete target y\"")
                .expectFailure();
        List<String> news = news();
        assertEquals(news.toString(), 1, news.size());
        assertTrue(
                news.get(0),
                news.get(0)
                        .startsWith(
                                ALICE + "delete backstore x: done\\u000a2026-11-28T12:00:00.000Z bob@10.0.0.1 delete"
                                        + " target y: refused: "));
    }

    @Test
    public void sessionsBeginAndEndWithAReason() throws Exception {
        String other = "iqn.2026-11.io.sluice:goes";
        ssh("alice", "alice", "target:create " + other).expectSuccess();
        login(1, Sluice.TARGET).logout();
        ended(Sluice.TARGET, "the initiator logged out");
        login(2, Sluice.TARGET).reset();
        ended(Sluice.TARGET, "the connection broke: Connection reset by peer");
        login(3, Sluice.TARGET).close();
        ended(Sluice.TARGET, "the initiator closed the connection");
        login(4, Sluice.TARGET);
        login(4, Sluice.TARGET);
        ended(Sluice.TARGET, "a new login of the same initiator replaced it, from 127\\.0\\.0\\.1:\\d+");
        ssh("alice", "alice", "session:close " + session()).expectSuccess();
        ended(Sluice.TARGET, "an operator closed it");
        login(5, Sluice.TARGET);
        ssh("alice", "alice", "target:disable " + Sluice.TARGET + "; target:enable " + Sluice.TARGET)
                .expectSuccess();
        ended(Sluice.TARGET, "its target was disabled");
        login(6, other);
        ssh("alice", "alice", "target:delete --force " + other).expectSuccess();
        ended(other, "its target was deleted");
        login(7, Sluice.TARGET);
        ssh("alice", "alice", "bundle:restart io.sluice.iscsi").expectSuccess();
        ended(Sluice.TARGET, "the iSCSI server restarts, with other settings or another version");
    }

    @Test
    public void aStopIsToldAndARestartEmptiesNothing() throws IOException {
        login(8, Sluice.TARGET);
        SLUICE.stop().expectSuccess();
        ended(Sluice.TARGET, "the gateway stops");
        List<String> before = lines();
        assertTrue(before.toString(), before.contains("gateway stop: done"));
        SLUICE.start().expectSuccess();
        List<String> after = lines();
        assertEquals(before, after.subList(0, before.size()));
        assertTrue(after.toString(), after.get(before.size()).startsWith("gateway start version "));
        SLUICE.console("target:list");
    }

    /** Logs in as soon as the portal is there, which after a restart it may not be yet. */
    private TestInitiator login(long isid, String target) throws IOException {
        await(() -> {
            try (Socket probe = new Socket("127.0.0.1", SLUICE.portal().getPort())) {
                return probe.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
        TestInitiator initiator = TestInitiator.connect(SLUICE.portal()).isid(isid);
        initiators.add(initiator);
        return initiator.login(target);
    }

    /** Of the login that was last. */
    private static String session() throws IOException {
        String last = null;
        for (String line : lines()) {
            Matcher login = Pattern.compile(".* as session (\\d+): done").matcher(line);
            last = login.matches() ? login.group(1) : last;
        }
        return last;
    }

    /** Exactly one more session has ended, and its login is there too. */
    private void ended(String target, String reason) throws IOException {
        Pattern end = Pattern.compile(
                Pattern.quote(HOST) + "\\d+ end session (\\d+) with " + Pattern.quote(target) + ": (.*)");
        await(() -> count(end) == 1);
        List<String> all = lines();
        List<String> news = all.subList(seen, all.size());
        Matcher line = news.stream()
                .map(end::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .orElseThrow();
        assertTrue(news.toString(), line.group(2).matches(reason));
        String login = Pattern.quote(HOST) + "\\d+ log in to " + Pattern.quote(target) + " as session " + line.group(1)
                + ": done";
        assertTrue(all.toString(), all.stream().anyMatch(begun -> begun.matches(login)));
        seen = all.size();
    }

    private int count(Pattern pattern) {
        try {
            List<String> all = lines();
            return (int) all.subList(seen, all.size()).stream()
                    .filter(pattern.asMatchPredicate())
                    .count();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    public void nothingIsLostWhenAFileIsFullOrTheProcessDies() throws IOException {
        int sessions = 120;
        for (int i = 0; i < sessions; i++) {
            login(100 + i, Sluice.TARGET).logout();
        }
        Pattern begins = Pattern.compile(Pattern.quote(HOST) + ".* log in to .* as session \\d+: done");
        Pattern ends = Pattern.compile(Pattern.quote(HOST) + ".* end session \\d+ with .*: the initiator logged out");
        await(() -> count(ends) == sessions);
        assertEquals(sessions, count(begins));
        assertTrue("files that are full", files().size() > 2);
        begin();
        done("backstore:reopen disk", "reopen backstore disk");
        List<String> before = lines();
        SLUICE.kill();
        SLUICE.start().expectSuccess();
        assertEquals(before, lines().subList(0, before.size()));
        SLUICE.console("target:list");
    }

    /** The file that is written last, after those that are full, the oldest first. */
    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(SLUICE.folder().resolve("data/log"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("audit.log"))
                    .sorted(Comparator.comparingInt(AuditIT::index))
                    .toList();
        }
    }

    private static int index(Path file) {
        String number = file.getFileName().toString().replaceFirst("audit\\.log\\.?", "");
        return number.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(number);
    }

    /** All lines without their times, of all files. */
    private static List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : files()) {
            for (String line : Files.readAllLines(file)) {
                Matcher form = LINE.matcher(line);
                assertTrue(file + ": " + line, form.matches());
                lines.add(form.group(1));
            }
        }
        return lines;
    }

    /** The lines since the last time, without those of logins to the console. */
    private List<String> news() throws IOException {
        List<String> all = lines();
        List<String> news = all.subList(seen, all.size());
        seen = all.size();
        return news.stream().filter(line -> !line.matches(LOGIN)).toList();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue("did not become so in time", System.nanoTime() - deadline < 0);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
