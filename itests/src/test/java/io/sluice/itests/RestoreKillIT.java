package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/**
 * A restore that is killed, with all that it has begun, before each of its steps and in the middle of each copy: the folders are as
 * they were, or all of the backup is there, or a start is refused with one line, and the same restore makes them whole.
 */
public class RestoreKillIT {

    private static final String DISK = "iqn.2026-11.io.sluice:quiet";
    private static final String KILLED = "137";
    private static final int MOST_STEPS = 200;
    private static final List<String> PROGRAMS = List.of("cp", "mv", "rm", "sync", "tar", "mktemp", "mkdir");

    /** Stands before the programs that change something: counts, and at one step kills everything. */
    private static final String STEP =
            """
            #!/bin/bash
            count=$(($(cat "$STEPS/count") + 1))
            echo $count >"$STEPS/count"
            PATH=$REAL
            if [ $count -eq "$KILL_AT" ]; then
                if [ "$TORN" = yes ] && [ "${0##*/}" = cp ]; then
                    touch "$STEPS/before"
                    cp "$@"
                    find "${@: -1}" -type f -cnewer "$STEPS/before" -exec truncate -s 1 {} +
                fi
                kill -KILL -- "-$(cat "$STEPS/group")"
            fi
            exec "${0##*/}" "$@"
            """;

    @Rule
    public final Sluice original = new Sluice().light();

    private final Sluice copy = new Sluice().light();
    private Path steps;
    private Path backup;
    private Path another;
    private Map<String, String> old;
    private Map<String, String> whole;
    private Path fresh;

    @Before
    public void prepare() throws Exception {
        original.console("target:create " + DISK + " --file quiet.img --size 16M");
        backup = original.folder().resolve("a backup.tar.gz");
        another = original.folder().resolve("another.tar.gz");
        original.script("backup", another.toString()).expectSuccess();
        Files.writeString(original.etc().resolve("web.secret"), "a-secret-of-web\n");
        original.console("initiator:create web --chap web --secret-file web.secret");
        Files.writeString(original.volumes().resolve("quiet.crypt"), "a header");
        original.script("backup", backup.toString()).expectSuccess();
        copy.prepare();
        steps = Files.createDirectories(original.folder().resolve("steps"));
        for (String name : PROGRAMS) {
            Path step = Files.writeString(steps.resolve(name), STEP);
            assertTrue(step.toFile().setExecutable(true));
        }
        started();
        fresh = copy.folder().resolveSibling(copy.folder().getFileName() + "-fresh");
        Tool.run("cp", "-a", copy.folder().toString(), fresh.toString()).expectSuccess();
        old = content();
        copy.script("restore", backup.toString()).expectSuccess();
        whole = content();
        assertEquals("a-secret-of-web", whole.get("etc/secrets/web.chap").strip());
        assertTrue(whole.containsKey("volumes/quiet.crypt"));
    }

    @Test
    public void whatIsLeftIsTheOldOneTheNewOneOrNone() throws Exception {
        List<Integer> refused = killedAtEach(false);
        assertTrue("refused at " + refused, refused.size() >= 10);
        assertEquals(refused, killedAtEach(true));
        // What was made whole is a gateway.
        assertEquals(KILLED, killed(refused.get(refused.size() / 2), true));
        copy.script("restore", backup.toString()).expectSuccess();
        Files.copy(original.volumes().resolve("quiet.img"), copy.volumes().resolve("quiet.img"));
        Path document = copy.etc().resolve("gateway.json");
        Files.writeString(document, Files.readString(document).replace(original.portalText(), copy.portalText()));
        copy.start().expectSuccess();
        try {
            assertEquals(identity(original), identity(copy));
        } finally {
            copy.after();
        }
    }

    private static String identity(Sluice sluice) throws IOException {
        return Json.read(new Terminal.Outcome(false, sluice.console("backstore:info quiet --json")))
                .get("naa")
                .asText();
    }

    /** Returns the steps before which it was killed so that no start was possible. */
    private List<Integer> killedAtEach(boolean torn) throws Exception {
        List<Integer> refused = new ArrayList<>();
        int step = 1;
        while (killed(step, torn).equals(KILLED)) {
            assertTrue("a restore ends", step < MOST_STEPS);
            if (isRefused(step)) {
                refused.add(step);
                assertIsOne(copy.script("restore", another.toString()), backup.toString());
            }
            if (!content().containsKey("etc/gateway.json")) {
                copy.script("restore", backup.toString()).expectSuccess();
            }
            assertEquals("after step " + step, whole, content());
            assertNoneIsUnpacked();
            step++;
        }
        assertEquals(whole, content());
        return refused;
    }

    /** Restores into folders in which a gateway has been started once; returns what has become of it. */
    private String killed(int step, boolean torn) throws Exception {
        anew();
        Files.writeString(steps.resolve("count"), "0\n");
        String line = "echo $$ >'" + steps + "/group'; PATH='" + steps + "':$PATH exec \"$SLUICE\" restore '" + backup
                + "' >'" + steps + "/said' 2>&1";
        Tool.Result result = copy.shell("export REAL=$PATH STEPS='" + steps + "' KILL_AT=" + step + " TORN="
                + (torn ? "yes" : "no") + "; setsid -w bash -c '" + line.replace("'", "'\\''") + "'; echo $?");
        return result.lines().get(result.lines().size() - 1);
    }

    private void anew() {
        Tool.run("rm", "-rf", copy.folder().toString()).expectSuccess();
        Tool.run("cp", "-a", fresh.toString(), copy.folder().toString()).expectSuccess();
    }

    /** Starts, and returns whether that was refused; all is as it was then, and otherwise the old one or the new one is there. */
    private boolean isRefused(int step) throws Exception {
        Map<String, String> before = content();
        Tool.Result start = started();
        if (start.output().contains("interrupted")) {
            assertIsOne(start, backup.toString());
            assertEquals("step " + step, before, content());
            assertFalse(before.containsKey("etc/gateway.json"));
            return true;
        }
        Map<String, String> after = content();
        assertEquals("step " + step, after.containsKey("etc/gateway.json") ? whole : old, after);
        assertNoneIsUnpacked();
        return false;
    }

    /** A start that comes as far as Java, which ends at once. */
    private Tool.Result started() throws IOException {
        Path java = Files.createDirectories(steps.resolve("java/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nexit 1\n");
        assertTrue(java.toFile().setExecutable(true));
        Files.writeString(steps.resolve("java/release"), "JAVA_VERSION=\"17.0.1\"\n");
        Tool.Result result = copy.shell("JAVA_HOME='" + steps + "/java' \"$SLUICE\" start");
        assertTrue(
                result.output(),
                result.output().contains("it ended while starting")
                        || result.output().contains("was interrupted: restore that once more"));
        return result.expectFailure();
    }

    private static void assertIsOne(Tool.Result result, String named) {
        result.expectFailure();
        assertEquals(result.output(), 1, result.lines().size());
        assertTrue(result.output(), result.output().contains(named));
    }

    /** There are secrets in it. */
    private void assertNoneIsUnpacked() throws IOException {
        try (Stream<Path> left = Files.list(copy.folder().resolve("data"))) {
            assertFalse(left.anyMatch(file -> file.getFileName().toString().startsWith(".restore")));
        }
    }

    private Map<String, String> content() throws IOException {
        Map<String, String> content = new TreeMap<>();
        for (String name : new String[] {"etc", "state", "volumes"}) {
            Path folder = copy.folder().resolve(name);
            if (Files.exists(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        content.put(
                                copy.folder().relativize(file).toString(),
                                new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }
        return content;
    }
}
