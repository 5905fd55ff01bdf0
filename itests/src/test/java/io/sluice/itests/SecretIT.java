package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.ClassRule;
import org.junit.Test;

/** A secret that somebody types or has in a file gets to where it is kept, whole, and is to be seen nowhere else. */
public class SecretIT {

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    /** Has all that a line editor or a shell might take for something of its own. */
    private static final String TYPED = "typed\" 'and!! \\k9hidden7z $(HOME) {";

    private static final String FILED = "filed-and-k9hidden7z";

    @Test
    public void aSecretIsSeenNowhere() throws IOException {
        StringBuilder said = new StringBuilder();
        try (Terminal terminal = Terminal.open(SLUICE)) {
            said.append(type(terminal, "initiator:create typed --chap typed", TYPED, TYPED));
            said.append(type(terminal, "initiator:set typed --chap typed", TYPED, TYPED + "?"));
            assertTrue(said.toString(), said.toString().contains("the two are not the same"));
            said.append(type(terminal, "initiator:set typed --mutual gw", "k9hidden7z"));
            assertTrue(said.toString(), said.toString().contains("the secret is too short"));
            said.append(terminal.run("history").text());
        }
        assertEquals(TYPED, kept("typed.chap"));
        Path file = SLUICE.folder().resolve("secret");
        Files.writeString(file, FILED + "\n");
        for (String line : List.of(
                "initiator:create filed --chap filed --secret-file " + file,
                "initiator:create other --chap other --secret-file " + file + " --mutual gw --mutual-secret-file "
                        + file,
                "initiator:create typed --chap typed --secret-file " + file,
                "initiator:list --json",
                "initiator:info filed --json",
                "gateway:status --json")) {
            said.append(line).append(Console.ssh(SLUICE).run(line).text());
        }
        assertEquals(FILED, kept("filed.chap"));
        Files.delete(file);
        assertHidden("what the console says", said.toString());
        String history = SLUICE.shell("cat \"$(dirname $SLUICE)/../.karaf/karaf.history\"")
                .output();
        assertTrue(history, history.contains("initiator:create typed"));
        assertHidden("the history", history);
        for (Path written : files()) {
            assertHidden(written.toString(), Files.readString(written, StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    public void withoutATerminalNobodyIsAsked() throws IOException {
        Terminal.Outcome outcome = Console.ssh(SLUICE).run("initiator:create asked --chap asked");
        assertTrue(outcome.text(), outcome.failed());
        assertEquals(1, outcome.lines().size());
        assertTrue(outcome.text(), outcome.text().contains("--secret-file"));
        assertFalse(Console.configured(SLUICE, "initiators").contains("asked"));
    }

    @Test
    public void whoLeavesThePromptHasChangedNothing() throws IOException {
        try (Terminal terminal = Terminal.open(SLUICE)) {
            terminal.clear().type("initiator:create left --chap left").enter();
            awaitQuestion(terminal, "Secret of CHAP user left:");
            terminal.press("\u0003");
            terminal.await("a line that says so", screen -> shows(screen, "no secret was given"));
            assertFalse(terminal.run("initiator:list").failed());
        }
        assertFalse(Console.configured(SLUICE, "initiators").contains("left"));
    }

    /** Types a command and the answers to what it asks, and returns what has been shown meanwhile. */
    private static String type(Terminal terminal, String command, String... answers) throws IOException {
        terminal.clear().type(command).enter();
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < answers.length; i++) {
            awaitQuestion(terminal, i == 0 ? "Secret of" : "Again:");
            shown.append(String.join("\n", terminal.screen()));
            terminal.press(answers[i] + "\r");
        }
        terminal.await(
                "the next prompt",
                screen -> screen.screen().stream()
                                .filter(row -> row.contains(Terminal.PROMPT.strip()))
                                .count()
                        == 2);
        return shown + String.join("\n", terminal.screen());
    }

    private static void awaitQuestion(Terminal terminal, String question) {
        terminal.await("the question " + question, screen -> shows(screen, question));
    }

    private static boolean shows(Terminal terminal, String text) {
        return terminal.screen().stream().anyMatch(row -> row.contains(text));
    }

    private static String kept(String name) throws IOException {
        Path secret = SLUICE.etc().resolve("secrets").resolve(name);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
        return Files.readString(secret).stripTrailing();
    }

    /** Returns all that the instance has written, but for the secrets themselves. */
    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(SLUICE.folder())) {
            all.filter(Files::isRegularFile)
                    .filter(path -> !path.startsWith(SLUICE.etc().resolve("secrets")))
                    .filter(path -> !path.toString().contains("/cache/"))
                    .forEach(files::add);
        }
        assertTrue("the audit log is among them", files.stream().anyMatch(path -> path.endsWith("audit.log")));
        return files;
    }

    private static void assertHidden(String where, String text) {
        assertFalse(where, text.contains("k9hidden7z"));
    }
}
