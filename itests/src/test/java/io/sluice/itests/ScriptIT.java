package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.ClassRule;
import org.junit.Test;

/** The script's way to the console, and what the console's SSH server is not a way to. */
public class ScriptIT {

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    /** A quiet machine takes 0.2 s; one that builds something else meanwhile takes longer. */
    private static final long LIMIT_MILLIS = 1500;

    private static final int ROUNDS = 10;

    /** What a command line of {@code sluice client} prints, each stream by itself. */
    private record Printed(int exit, String data, String complaints) {}

    private static Printed client(String arguments) throws IOException {
        Path data = SLUICE.folder().resolve("client.out");
        Path complaints = SLUICE.folder().resolve("client.err");
        Tool.Result result = SLUICE.shell("\"$SLUICE\" client " + arguments + " >" + data + " 2>" + complaints);
        return new Printed(result.exit(), Files.readString(data), Files.readString(complaints));
    }

    @Test
    public void aCommandTakesNoTime() throws IOException {
        String before = SLUICE.log();
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            long begin = System.nanoTime();
            SLUICE.console("gateway:status");
            millis.add((System.nanoTime() - begin) / 1_000_000);
        }
        Collections.sort(millis);
        System.out.println("sluice client takes " + millis.get(ROUNDS / 2) + " ms, of " + millis);
        assertTrue(millis.toString(), millis.get(ROUNDS / 2) < LIMIT_MILLIS);
        String since = SLUICE.log().substring(before.length());
        assertFalse(since, since.contains("| WARN ") || since.contains("| ERROR"));
    }

    @Test
    public void theConsoleIsThereWhenStartReturns() throws IOException {
        SLUICE.stop().expectSuccess();
        SLUICE.start();
        Printed printed = client("target:list");
        assertEquals(printed.complaints(), 0, printed.exit());
    }

    @Test
    public void dataAndComplaintsAreKeptApart() throws IOException {
        Printed good = client("'echo a; echo; echo \"b  c\"; echo'");
        assertEquals(new Printed(0, "a\n\nb  c\n\n", ""), good);
        assertEquals("words make one line", "a b\n", client("echo a b").data());
        Printed bad = client("'echo a; target:info nonsense'");
        assertEquals(1, bad.exit());
        assertEquals("a\n", bad.data());
        assertTrue(bad.complaints(), bad.complaints().contains("'nonsense' is not an iSCSI name"));
        assertEquals(bad.complaints(), 1, bad.complaints().lines().count());
        Printed unknown = client("nonsense");
        assertEquals(new Printed(1, "", "Command not found: nonsense\n"), unknown);
    }

    @Test
    public void aListOnStandardInputIsLeftToWhoReadsIt() throws IOException {
        Tool.Result result =
                SLUICE.shell("printf '1\\n2\\n' | while read -r n; do \"$SLUICE\" client \"echo $n\"; done");
        assertEquals("1\n2\n", result.expectSuccess().output());
    }

    /** Somebody who has taken the port of a gateway that is gone cannot have what is typed. */
    @Test
    public void onlyThisGatewayIsBelieved() throws IOException {
        Path known = SLUICE.folder().resolve("data/console.known_hosts");
        String right = Files.readString(known);
        try {
            Path other = SLUICE.folder().resolve("other.key");
            Tool.run("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", other.toString())
                    .expectSuccess();
            Files.writeString(known, "sluice " + Files.readString(Path.of(other + ".pub")));
            Printed printed = client("target:list");
            assertEquals(1, printed.exit());
            assertEquals("", printed.data());
            assertTrue(printed.complaints(), printed.complaints().startsWith("sluice: the console at 127.0.0.1:"));
        } finally {
            Files.writeString(known, right);
        }
    }

    /** The portals are open to whoever reaches them, so the console must not be a way there. */
    @Test
    public void theConsoleForwardsNothing() throws IOException {
        Path key = SLUICE.folder().resolve("onlooker.key");
        Files.writeString(
                SLUICE.etc().resolve("keys.properties"),
                "onlooker = " + Console.newKey(key) + ",viewer,ssh\n",
                StandardOpenOption.APPEND);
        ssh(key, "", "gateway:status").expectSuccess();
        String console = "127.0.0.1:" + SLUICE.sshPort();
        Tool.Result there = ssh(key, "-W " + console, "").expectFailure();
        assertFalse("the other end speaks first", there.output().contains("SSH-2.0"));
        assertTrue(there.output(), there.output().contains("administratively prohibited"));
        Tool.Result back =
                ssh(key, "-N -o ExitOnForwardFailure=yes -R 0:" + console, "").expectFailure();
        assertTrue(back.output(), back.output().contains("remote port forwarding failed"));
    }

    private static Tool.Result ssh(Path key, String options, String command) throws IOException {
        return SLUICE.shell("exec timeout 30 ssh -F /dev/null " + options + " -p " + SLUICE.sshPort() + " -i " + key
                + " -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes onlooker@127.0.0.1 "
                + command);
    }

    @Test
    public void logsAreShown() throws IOException {
        String shown = SLUICE.script("logs").expectSuccess().output();
        assertTrue(shown, SLUICE.log().contains(shown.lines().findFirst().orElseThrow()));
        assertTrue(SLUICE.script("logs", "nonsense").expectFailure().output().contains("there is no log 'nonsense'"));
    }

    @Test
    public void helpNamesEveryCommandAndStatus() throws IOException {
        String help = SLUICE.script("help").expectSuccess().output();
        for (String word : List.of("start", "stop [--force]", "restart", "run", "client", "logs", "version", "  3  ")) {
            assertTrue(word, help.contains(word));
        }
    }
}
