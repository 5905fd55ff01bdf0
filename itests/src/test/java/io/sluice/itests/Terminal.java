package io.sluice.itests;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.channel.PtyMode;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.jline.builtins.ScreenTerminal;

/**
 * A person at the console: an SSH session with a terminal of 80 by 24 characters.
 *
 * <p>Nothing waits for a time to pass. What is typed has been dealt with when its effect is on the screen, and every
 * wait for that has a deadline.
 */
public final class Terminal implements AutoCloseable {

    static final int COLUMNS = 80;
    static final int ROWS = 24;

    /** What follows the name of the user in the prompt. */
    static final String PROMPT = "@sluice> ";

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String ESCAPES = "\u001b(?:\\[[0-9;?]*[ -/]*[@-~]|\\][^\u0007]*\u0007|[=>]|[()][A-Z0-9])";

    /** What the line editor writes in front of each prompt, to begin a line of its own if output did not end one. */
    private static final String FRESH_LINE = "~ +(?=\\S+> ?$)";

    private static final String RED = "\u001b[31m";
    private static final String TAB = "\t";
    private static final String ENTER = "\r";

    /** The arrow as terminals send it once an editor has asked for application keys. */
    private static final String LEFT = "\u001bOD";

    private static final String CLEAR_LINE = "\u0015";
    private static final String CLEAR_SCREEN = "\u000c";

    private final SshClient client;
    private final ChannelShell channel;
    private final OutputStream keyboard;
    private final String prompt;
    private final ScreenTerminal screen = new ScreenTerminal(COLUMNS, ROWS);
    private final StringBuilder received = new StringBuilder();
    private boolean ended;

    /**
     * What a command did.
     *
     * @param failed whether the console said so in red
     * @param text what was printed, without colours
     */
    public record Outcome(boolean failed, String text) {

        public List<String> lines() {
            return text.lines().filter(line -> !line.isBlank()).toList();
        }
    }

    private Terminal(SshClient client, ChannelShell channel, String user) {
        this.client = client;
        this.channel = channel;
        keyboard = channel.getInvertedIn();
        prompt = user + PROMPT;
    }

    /** Logs in with the key that the gateway made for this machine. */
    public static Terminal open(Sluice sluice) throws IOException {
        return open(sluice, "local", sluice.etc().resolve("client.key"));
    }

    /** Logs in and waits for the first prompt. */
    public static Terminal open(Sluice sluice, String user, Path key) throws IOException {
        SshClient client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
        CoreModuleProperties.TCP_NODELAY.set(client, true);
        client.start();
        try {
            ClientSession session = client.connect(user, "127.0.0.1", sluice.sshPort())
                    .verify(DEADLINE)
                    .getSession();
            session.addPublicKeyIdentity(load(key));
            session.auth().verify(DEADLINE);
            Terminal terminal = new Terminal(client, shell(session), user);
            terminal.watch();
            terminal.await("the first prompt", Terminal::atPrompt);
            return terminal;
        } catch (IOException | RuntimeException | Error failed) {
            client.stop();
            throw failed;
        }
    }

    private static KeyPair load(Path key) throws IOException {
        try {
            return SecurityUtils.loadKeyPairIdentities(
                            null, NamedResource.ofName(key.toString()), Files.newInputStream(key), null)
                    .iterator()
                    .next();
        } catch (GeneralSecurityException unreadable) {
            throw new IOException(unreadable);
        }
    }

    private static ChannelShell shell(ClientSession session) throws IOException {
        ChannelShell channel = session.createShellChannel();
        channel.setUsePty(true);
        channel.setPtyType("xterm");
        channel.setPtyColumns(COLUMNS);
        channel.setPtyLines(ROWS);
        channel.setPtyModes(Map.of(
                PtyMode.ECHO,
                1,
                PtyMode.ICANON,
                1,
                PtyMode.ISIG,
                1,
                PtyMode.ICRNL,
                1,
                PtyMode.OPOST,
                1,
                PtyMode.ONLCR,
                1));
        channel.setEnv("LC_CTYPE", "C.UTF-8");
        channel.setRedirectErrorStream(true);
        channel.open().verify(DEADLINE);
        return channel;
    }

    private void watch() {
        Thread watcher = new Thread(this::receive, "terminal");
        watcher.setDaemon(true);
        watcher.start();
    }

    private void receive() {
        char[] part = new char[4096];
        try (Reader in = new InputStreamReader(channel.getInvertedOut(), StandardCharsets.UTF_8)) {
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
                synchronized (this) {
                    received.append(part, 0, n);
                    screen.write(new String(part, 0, n));
                    notifyAll();
                }
            }
        } catch (IOException gone) {
            // The session has ended, which is what the waiting thread is told.
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    /** Types, and waits until the line shows it. */
    Terminal type(String text) throws IOException {
        String expected = (line() + text).stripTrailing();
        press(text);
        return await(
                "the line " + expected,
                terminal -> terminal.line().stripTrailing().equals(expected));
    }

    /** Presses TAB; what comes of it is awaited by the caller. */
    Terminal tab() throws IOException {
        return press(TAB);
    }

    /** Moves the cursor to the left. */
    Terminal left(int characters) throws IOException {
        return press(LEFT.repeat(characters));
    }

    Terminal enter() throws IOException {
        return press(ENTER);
    }

    /** Presses keys without waiting. */
    Terminal press(String keys) throws IOException {
        keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
        return this;
    }

    /** Empties line and screen, so that the prompt stands in the first row. */
    Terminal clear() throws IOException {
        press(CLEAR_LINE + CLEAR_SCREEN);
        return await(
                "an empty screen",
                terminal -> terminal.atPrompt()
                        && String.join("\n", terminal.screen()).strip().equals(prompt.strip()));
    }

    /** Runs a command and returns what was printed between it and the next prompt. */
    public Outcome run(String command) throws IOException {
        clear().type(command);
        synchronized (this) {
            received.setLength(0);
        }
        enter();
        await("the prompt after " + command, terminal -> terminal.printedPrompt() && terminal.atPrompt());
        synchronized (this) {
            String raw = received.toString();
            String text = plain(raw);
            return new Outcome(raw.contains(RED), text.substring(0, text.lastIndexOf(prompt.strip())));
        }
    }

    static String plain(String raw) {
        return raw.replaceAll(ESCAPES, "").replace("\r", "").replaceFirst(FRESH_LINE, "");
    }

    private synchronized boolean printedPrompt() {
        return plain(received.toString()).stripTrailing().endsWith(prompt.strip());
    }

    private synchronized boolean atPrompt() {
        int[] cursor = cursor();
        return cursor[0] == prompt.length() && screen().get(cursor[1]).equals(prompt.stripTrailing());
    }

    /** Returns column and row of the cursor. */
    private int[] cursor() {
        int[] cursor = new int[2];
        screen.dump(new long[COLUMNS * ROWS], 0, 0, ROWS, COLUMNS, cursor);
        return cursor;
    }

    /** Returns the rows of the screen without blanks at their ends. */
    synchronized List<String> screen() {
        return screen.toString().lines().map(String::stripTrailing).toList();
    }

    /** Returns what stands behind the last prompt, also if it goes on in the next rows; blanks at its end are not seen. */
    synchronized String line() {
        List<String> rows = screen.toString().lines().toList();
        String line = String.join("", rows.subList(promptRow(rows), endRow(rows)));
        return line.substring(prompt.length()).stripTrailing();
    }

    /** Returns the rows below the line: what TAB shows. */
    synchronized List<String> below() {
        List<String> rows = screen();
        return rows.subList(endRow(rows), ROWS).stream()
                .filter(text -> !text.isBlank())
                .toList();
    }

    /** Returns whether a whole list is shown below this line: the cursor comes back to the line when it is. */
    synchronized boolean lists(String line) {
        return line().equals(line.stripTrailing()) && !below().isEmpty();
    }

    /** Returns the row behind those of the line, which goes on as far as the cursor stands and as rows are full. */
    private int endRow(List<String> rows) {
        int row = Math.max(promptRow(rows), cursor()[1]);
        while (row + 1 < ROWS && rows.get(row).stripTrailing().length() == COLUMNS) {
            row++;
        }
        return row + 1;
    }

    private int promptRow(List<String> rows) {
        for (int row = ROWS - 1; row >= 0; row--) {
            if (rows.get(row).startsWith(prompt.stripTrailing())) {
                return row;
            }
        }
        throw new AssertionError("no prompt " + prompt + " on the screen:\n" + String.join("\n", rows));
    }

    /** Waits until the screen is as it should be, and shows it if that does not come. */
    synchronized Terminal await(String what, Predicate<Terminal> condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        try {
            while (!condition.test(this)) {
                long left = deadline - System.nanoTime();
                if (ended || left <= 0) {
                    throw new AssertionError((ended ? "the session ended before " : "there is not ") + what
                            + "; the screen:\n" + String.join("\n", screen()).stripTrailing());
                }
                wait(left / 1_000_000 + 1);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
        return this;
    }

    @Override
    public void close() {
        client.stop();
    }
}
