package io.sluice.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.shell.secret.SecretInput;
import java.nio.file.Files;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** The help of every command, in one order, with examples that work. */
public class HelpTest {

    @Rule
    public final SecretFiles secrets = new SecretFiles();

    private final FakeGateway gateway = new FakeGateway();

    @Test
    public void everyHelpHasOneOrder() throws Exception {
        for (ConsoleCommand command : commands()) {
            String name = name(command);
            String help = gateway.run(name + " --help");
            assertTrue(help, help.startsWith(name + ": " + command.getDescription() + "\n\nUsage: " + name));
            int arguments = help.indexOf("\nArguments:\n");
            int options = help.indexOf("\nOptions:\n");
            int example = Math.max(help.indexOf("\nExample:\n"), help.indexOf("\nExamples:\n"));
            assertTrue(help, arguments < options && options < example);
            assertTrue(help, help.indexOf("\n  --help ") > options);
        }
        assertTrue(gateway.calls.isEmpty());
    }

    @Test
    public void everyHelpFitsATerminal() throws Exception {
        for (ConsoleCommand command : commands()) {
            for (String line : gateway.run(name(command) + " --help").split("\n")) {
                assertTrue(name(command) + ": " + line, line.length() <= 80);
                assertFalse(line, line.contains("\u001b"));
            }
        }
    }

    @Test
    public void everyExampleWorks() throws Exception {
        gateway.portal = "192.0.2.1:3260";
        for (String document : List.of("new.json", "disk7.json", "saveconfig.json", "config.json")) {
            Files.writeString(SecretInput.base().resolve(document), "{}");
        }
        for (ConsoleCommand command : commands()) {
            assertFalse(name(command), command.examples().isEmpty());
            for (String example : command.examples()) {
                assertTrue(example, example.startsWith(name(command)));
                assertTrue(gateway.run(command.getScope() + ":" + command.getName() + " --help")
                        .contains("\n  " + example + "\n"));
                assertFalse(example, gateway.run(example).isEmpty());
            }
        }
    }

    @Test
    public void helpLooksLikeThis() throws Exception {
        assertEquals(
                """
                lun:unmap: Removes a LUN from a target; the backstore stays

                Usage: lun:unmap TARGET LUN [OPTION...]

                Arguments:
                  TARGET  iSCSI name of the target
                  LUN     The LUN

                Options:
                  --force  Takes it away from sessions that can reach it
                  --help   Shows this help

                Example:
                  lun:unmap iqn.2026-11.io.sluice:disk0 1
                """,
                gateway.run("lun:unmap --help"));
    }

    private List<ConsoleCommand> commands() {
        return Commands.consoleCommands(gateway.gateway(), gateway::tokens).toList();
    }

    private static String name(ConsoleCommand command) {
        return command.getScope() + ":" + command.getName();
    }
}
