package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Test;

/** The gateway of one user, as that of a service, and what the script says to the others. */
public class OtherUserIT {

    private static final String OWNER = "nobody";
    private static final int STRANGER = 65_533;

    private final Sluice sluice = new Sluice().light();

    @Before
    public void prepare() throws IOException {
        sluice.prepare();
        Tool.Result allowed = as(OWNER, "test -r \"$SLUICE\"");
        Assume.assumeTrue(
                "only root can be another user, where all may come: " + allowed.output(), allowed.exit() == 0);
        for (String name : List.of("data", "etc", "state", "volumes")) {
            Files.createDirectories(sluice.folder().resolve(name));
        }
        Tool.run("chown", "-R", OWNER, sluice.folder().toString()).expectSuccess();
    }

    @After
    public void stop() {
        sluice.after();
    }

    private Tool.Result as(Object user, String command) throws IOException {
        return sluice.shell("exec setpriv --reuid " + user + " --clear-groups " + command);
    }

    private static String only(Tool.Result result, int exit) {
        assertEquals(result.output(), exit, result.exit());
        assertEquals(result.output(), 1, result.lines().size());
        return result.lines().get(0);
    }

    private Path data() {
        return sluice.folder().resolve("data");
    }

    @Test
    public void rootLeavesNothingThere() throws IOException {
        for (String command : List.of("start", "run", "restart", "demo", "restore /no/such.tar.gz")) {
            String word = command.split(" ")[0];
            assertEquals(
                    "sluice: " + sluice.etc()
                            + " is nobody's, who could not read what root leaves there: start a service by"
                            + " systemctl, and any other as that user (runuser -u nobody -- " + Sluice.home()
                            + "/bin/sluice " + word + ")",
                    only(sluice.script(command.split(" ")), 1));
        }
        Tool.run("chown", "root", sluice.etc().toString()).expectSuccess();
        assertTrue(only(sluice.start(), 1).startsWith("sluice: " + data() + " is nobody's, who"));
        for (Path folder : List.of(sluice.etc(), data())) {
            try (Stream<Path> left = Files.list(folder)) {
                assertEquals(List.of(), left.toList());
            }
        }
    }

    /** The other user may have anything there, such as a link to a file of root's. */
    @Test
    public void rootWritesNowhereElse() throws IOException {
        Path victim = Files.writeString(sluice.folder().resolve("victim"), "kept");
        for (Path folder : List.of(sluice.etc(), data())) {
            Files.createSymbolicLink(folder.resolve(".writable"), victim);
        }
        assertTrue(only(sluice.start(), 1).contains("is nobody's, who"));
        assertEquals("kept", Files.readString(victim));
    }

    @Test
    public void anOwnerMayHaveNoName() throws IOException {
        Tool.run("chown", "-R", STRANGER + ":" + STRANGER, sluice.etc().toString())
                .expectSuccess();
        assertTrue(only(sluice.start(), 1)
                .endsWith(
                        "(setpriv --reuid 65533 --regid 65533 --clear-groups " + Sluice.home() + "/bin/sluice start)"));
    }

    @Test
    public void whatRootHasRunGoesOn() throws IOException {
        Tool.run(
                        "chown",
                        "-R",
                        "root",
                        data().toString(),
                        sluice.folder().resolve("state").toString())
                .expectSuccess();
        Files.writeString(sluice.etc().resolve("gateway.json"), "{");
        String refused = sluice.start().output();
        assertFalse(refused, refused.contains("is nobody's, who"));
        assertTrue(refused, refused.contains("gateway.json"));
    }

    @Test
    public void whoMayNotLookOrStopItIsToldSo() throws IOException {
        as(OWNER, "\"$SLUICE\" start").expectSuccess();
        try {
            long pid = sluice.pid();
            String hidden = "sluice: cannot look into " + data() + ": do this as its user, nobody";
            Tool.run("chmod", "700", data().toString()).expectSuccess();
            assertEquals(hidden, only(as(STRANGER, "\"$SLUICE\" status"), 4));
            for (String command : List.of("stop", "stop --force", "logs", "client target:list")) {
                assertEquals(hidden, only(as(STRANGER, "\"$SLUICE\" " + command), 1));
            }
            Tool.run("chmod", "755", data().toString()).expectSuccess();
            assertTrue(only(as(STRANGER, "\"$SLUICE\" status"), 0).contains("process id " + pid));
            for (String command : List.of("stop", "stop --force")) {
                assertEquals(
                        "sluice: process " + pid + " is not this user's: stop it as its user, nobody",
                        only(as(STRANGER, "\"$SLUICE\" " + command), 1));
            }
            Path status = data().resolve("gateway.status");
            Tool.run("chmod", "600", status.toString()).expectSuccess();
            assertEquals(
                    hidden.replace(data().toString(), status.toString()), only(as(STRANGER, "\"$SLUICE\" status"), 4));
            assertEquals("it goes on", 0, sluice.script("status").exit());
        } finally {
            sluice.stop().expectSuccess();
        }
        sluice.expectNothingLeft();
        assertEquals("nothing is hidden", 3, as(STRANGER, "\"$SLUICE\" status").exit());
    }
}
