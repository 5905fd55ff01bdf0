package io.sluice.shell.secret;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.Terminal;
import org.jline.reader.UserInterruptException;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Secrets from files and from a terminal: what is taken, what is refused, and that no refusal shows one. */
public class SecretInputTest {

    private static final String GOOD = "a \"good\" \\secret!";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Deque<String> typed = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private boolean terminal = true;

    private String read(String file) {
        Session session = (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getTerminal")) {
                        return terminal ? terminal() : null;
                    }
                    assertEquals("readLine", method.getName());
                    asked.add((String) arguments[0]);
                    assertEquals("nothing is echoed", Character.valueOf('\0'), arguments[1]);
                    if (typed.isEmpty()) {
                        throw new UserInterruptException("");
                    }
                    return typed.remove();
                });
        return new SecretInput(session).read(file, "esx1", "--secret-file").revealText();
    }

    private static Terminal terminal() {
        return (Terminal) Proxy.newProxyInstance(
                Terminal.class.getClassLoader(), new Class<?>[] {Terminal.class}, (proxy, method, arguments) -> null);
    }

    private String refused(String file) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> read(file)).getMessage();
        assertFalse(message, message.contains("\n"));
        return message;
    }

    private String write(String text) throws Exception {
        Path file = folder.getRoot().toPath().resolve("secret");
        Files.writeString(file, text);
        return file.toString();
    }

    @Test
    public void aPersonIsAskedTwice() {
        typed.addAll(List.of(GOOD, GOOD));
        assertEquals(GOOD, read(null));
        assertEquals(List.of("Secret of esx1: ", "Again: "), asked);
    }

    @Test
    public void whatIsTypedTwiceHasToBeTheSame() {
        typed.addAll(List.of(GOOD, GOOD + "?"));
        assertEquals("the two are not the same: nothing has changed", refused(null));
    }

    @Test
    public void aBadSecretIsNotAskedForAgain() {
        typed.add("tooshort");
        assertEquals("the secret is too short: it has 12 to 255 characters", refused(null));
        assertEquals(1, asked.size());
    }

    @Test
    public void leavingThePromptChangesNothing() {
        assertEquals("no secret was given: nothing has changed", refused(null));
    }

    @Test
    public void withoutATerminalAFileIsWanted() {
        terminal = false;
        assertTrue(refused(null).endsWith("name a file that has it by --secret-file"));
        assertTrue(asked.isEmpty());
    }

    @Test
    public void aFileIsReadWithoutTheEndOfItsLine() throws Exception {
        assertEquals(GOOD, read(write(GOOD)));
        assertEquals(GOOD, read(write(GOOD + "\n")));
        assertEquals(GOOD, read(write(GOOD + "\r\n")));
        assertEquals("x".repeat(12), read(write("x".repeat(12) + "\n")));
        assertEquals("x".repeat(255), read(write("x".repeat(255) + "\r\n")));
        assertTrue(asked.isEmpty());
    }

    @Test
    public void aFileThatHasNoSecretIsRefusedWithoutShowingIt() throws Exception {
        assertTrue(refused(write("x".repeat(11) + "\n")).contains("is too short"));
        assertTrue(refused(write("")).contains("is too short"));
        assertTrue(refused(write("x".repeat(256))).contains("is too long"));
        assertTrue(refused(write("x".repeat(100_000))).contains("is too long"));
        for (String text : List.of("secret-one\nsecret-two\n", "secret-with-\u00fc", "secret-with-\ttab")) {
            String message = refused(write(text));
            assertTrue(message, message.contains("has a character that not every host can be told"));
            assertFalse(message, message.contains("secret-w") || message.contains("secret-o"));
        }
    }

    @Test
    public void aFileThatIsNoneIsNamed() {
        String missing = folder.getRoot() + "/missing";
        assertEquals("there is no file " + missing + " on the machine of the gateway", refused(missing));
        assertTrue(refused(folder.getRoot().toString()).startsWith("there is no file " + folder.getRoot()));
        assertTrue(refused("a\0b").endsWith("is not the path of a file"));
    }

    @Test
    public void aRelativePathBeginsAmongTheConfiguration() throws Exception {
        String before = System.getProperty("karaf.etc");
        System.setProperty("karaf.etc", folder.getRoot().toString());
        try {
            write(GOOD);
            assertEquals(GOOD, read("secret"));
        } finally {
            if (before == null) {
                System.clearProperty("karaf.etc");
            } else {
                System.setProperty("karaf.etc", before);
            }
        }
    }
}
