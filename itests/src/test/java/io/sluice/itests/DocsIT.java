package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/**
 * What the documents say can be typed works, in their order, and does the same at the prompt, by ssh and by the script.
 * Each way has an instance of its own; each document begins with an empty one.
 */
public class DocsIT {

    @ClassRule
    public static final Sluice PROMPT = new Sluice().light();

    @ClassRule
    public static final Sluice SSH = new Sluice().light();

    @ClassRule
    public static final Sluice SCRIPT = new Sluice().light();

    private static final String NAME = "named-in-capitals";

    private static List<DocumentedLine> lines;
    private static List<Visit> visits;
    private static Terminal terminal;

    /** An instance, the way to it, and the host that is logged in while a document speaks of sessions. */
    private static final class Visit {
        private final String way;
        private final Sluice sluice;
        private final Console console;
        private Host host;

        Visit(String way, Sluice sluice, Console console) {
            this.way = way;
            this.sluice = sluice;
            this.console = console;
        }

        void begin() throws IOException {
            end();
            Console.empty(sluice);
            Console.writeSecrets(sluice);
            sluice.console("backstore:create file " + NAME + " --path " + NAME + ".img --size 1M");
        }

        void end() throws IOException {
            if (host != null) {
                host.close();
                host = null;
            }
        }

        Terminal.Outcome run(DocumentedLine line) throws IOException {
            List<String> targets = Console.configured(sluice, "targets");
            if (line.text().startsWith("session:")
                    && line.kind() == DocumentedLine.Kind.COMMAND
                    && host == null
                    && !targets.isEmpty()) {
                host = Host.logIn(sluice, targets.get(0), 1);
            }
            Terminal.Outcome outcome = console.run(line.typed(NAME));
            return new Terminal.Outcome(outcome.failed(), Told.of(sluice, outcome.text()));
        }
    }

    @BeforeClass
    public static void open() throws IOException {
        lines = DocumentedLine.all(Path.of(System.getProperty("sluice.project")));
        terminal = Terminal.open(PROMPT);
        visits = List.of(
                new Visit("at the prompt", PROMPT, terminal::run),
                new Visit("by ssh", SSH, Console.ssh(SSH)),
                new Visit("by the script", SCRIPT, Console.script(SCRIPT)));
        for (Visit visit : visits) {
            Rest.reserve(visit.sluice);
        }
    }

    @AfterClass
    public static void close() throws IOException {
        for (Visit visit : visits) {
            visit.end();
        }
        terminal.close();
    }

    @Test
    public void everyNameIsThatOfACommand() throws IOException {
        // Where there is no terminal, no command asks for what its name alone does not say.
        Visit ssh = visits.get(1);
        List<String> wrong = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (DocumentedLine line : lines) {
            if (line.kind() == DocumentedLine.Kind.NAME && names.add(line.text())) {
                Terminal.Outcome outcome = ssh.run(line);
                String fault = fault(line, outcome);
                if (fault != null) {
                    wrong.add(line + "\n" + fault + "\n" + outcome.text());
                }
            }
        }
        assertEquals(String.join("\n", wrong), 0, wrong.size());
        assertTrue("names were found: " + names.size(), names.size() >= 30);
    }

    @Test
    public void everyLineWorksAndDoesTheSameEverywhere() throws IOException {
        List<String> wrong = new ArrayList<>();
        String document = "";
        int count = 0;
        for (DocumentedLine line : lines) {
            if (line.kind() != DocumentedLine.Kind.COMMAND) {
                continue;
            }
            if (!line.document().equals(document)) {
                document = line.document();
                for (Visit visit : visits) {
                    visit.begin();
                }
            }
            count++;
            walk(line, wrong);
        }
        assertEquals(String.join("\n", wrong), 0, wrong.size());
        assertTrue("lines were found: " + count, count >= 40);
    }

    private static void walk(DocumentedLine line, List<String> wrong) throws IOException {
        Terminal.Outcome first = null;
        for (Visit visit : visits) {
            Terminal.Outcome outcome = visit.run(line);
            String fault = fault(line, outcome);
            if (first == null) {
                first = outcome;
            } else if (fault == null
                    && (outcome.failed() != first.failed() || !Told.same(line.text(), outcome.text(), first.text()))) {
                fault = "is not what is said at the prompt, which is:\n" + first.text() + "\nbut:";
            }
            if (fault != null) {
                wrong.add(line + "\n" + visit.way + " " + fault + "\n" + outcome.text());
            }
        }
    }

    /** Returns what is wrong with an outcome, or null. */
    private static String fault(DocumentedLine line, Terminal.Outcome outcome) {
        if (!NotHere.servable(line.text())) {
            return NotHere.refused(line.text(), outcome) ? null : "is not refused as it should be here";
        }
        if (!outcome.failed()) {
            return null;
        }
        if (line.kind() == DocumentedLine.Kind.NAME) {
            return outcome.text().contains("Command not found") ? "is no command" : null;
        }
        return "fails";
    }

    /** A session that a document shows: each line that is typed, and what is printed then, but for what differs between instances. */
    @Test
    public void whatASessionShowsIsWhatIsPrinted() throws IOException {
        Visit ssh = visits.get(1);
        ssh.begin();
        List<CapturedLine> captured =
                CapturedLine.all(Path.of(System.getProperty("sluice.project"), "docs", "user-guide.md"));
        assertTrue("lines were found: " + captured.size(), captured.size() >= 5);
        for (CapturedLine line : captured) {
            String said = Told.of(ssh.sluice, ssh.console.run(line.typed()).text());
            assertEquals(line.typed(), Told.of(ssh.sluice, line.printed()), said);
        }
    }

    @Test
    public void everyWordOfTheScriptIsInItsHelp() throws IOException {
        String help = SCRIPT.script("help").expectSuccess().output();
        int count = 0;
        for (DocumentedLine line : lines) {
            if (line.kind() == DocumentedLine.Kind.SCRIPT) {
                String word = line.text().split("\\W")[0];
                assertTrue(line.toString(), help.lines().anyMatch(row -> row.matches(" +" + word + "\\b.*")));
                count++;
            }
        }
        assertTrue("calls were found: " + count, count >= 4);
    }
}
