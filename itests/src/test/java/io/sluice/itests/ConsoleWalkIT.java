package io.sluice.itests;

import static java.util.Map.entry;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/** A walk through every command that the console has: its help, its mistakes, a right call, its JSON. */
public class ConsoleWalkIT {

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    private static final String NEW = "iqn.2026-11.io.sluice:walk";

    /**
     * A right call of each command, with options behind.
     *
     * @param before what it needs, or empty
     * @param call the line
     * @param after what puts everything back, or empty
     */
    private record Call(String before, String call, String after) {

        static Call of(String call) {
            return new Call("", call, "");
        }
    }

    private static final List<Call> CALLS = List.of(
            new Call("", "backstore:create memory walk --size 1M --thick", "backstore:delete walk"),
            new Call("backstore:create memory walk --size 1M", "backstore:delete walk", ""),
            Call.of("backstore:info disk0 --json"),
            new Call(
                    "backstore:create memory walk --size 1M",
                    "backstore:layer add walk throttle iops=100",
                    "backstore:delete walk"),
            Call.of("backstore:layers --json"),
            Call.of("backstore:list --json"),
            new Call(
                    "backstore:create memory walk --size 1M",
                    "backstore:move walk memory --rate 1K",
                    "backstore:move-cancel walk; backstore:delete walk"),
            new Call(
                    "backstore:create memory walk --size 1M; backstore:move walk memory --rate 1K",
                    "backstore:move-cancel walk",
                    "backstore:delete walk"),
            new Call(
                    "backstore:create memory walk --size 1M; backstore:move walk memory --rate 1K",
                    "backstore:move-rate walk 2K",
                    "backstore:move-cancel walk; backstore:delete walk"),
            Call.of("backstore:moves --json"),
            Call.of("backstore:reopen disk0"),
            new Call(
                    "backstore:create file walk --path walk.img --size 1M",
                    "backstore:resize walk 2M",
                    "backstore:delete walk"),
            Call.of("backstore:takeover disk0"),
            Call.of("backstore:types --json"),
            Call.of("gateway:apply gateway.json --merge --json --why walk"),
            Call.of("gateway:doctor SESSION --json"),
            Call.of("gateway:export --target " + ConsoleWorld.TARGET),
            Call.of("gateway:history --json"),
            new Call("", "gateway:import gateway.json --format sluice --plan --json --why walk", ""),
            Call.of("gateway:jobs --json"),
            new Call(
                    "backstore:create memory walk --size 1M; backstore:move walk memory --rate 1K",
                    "gateway:job-cancel JOB",
                    "backstore:delete walk"),
            Call.of("gateway:plan gateway.json --merge --json"),
            new Call(
                    "backstore:create memory walk --size 1M",
                    "gateway:rollback REVISION --plan --json --why walk",
                    "backstore:delete walk"),
            Call.of("gateway:stats --json"),
            Call.of("gateway:setup --defaults"),
            Call.of("gateway:status --json"),
            new Call(
                    "",
                    "gateway:security --discovery-chap on --chap-algorithms sha256,md5",
                    "gateway:security --discovery-chap off --chap-algorithms sha3-256,sha256,sha1,md5"),
            new Call(
                    "",
                    "initiator:create walk --iqn iqn.2026-11.io.sluice:w* --address 192.0.2.0/24 --chap walk"
                            + " --secret-file web1.secret --mutual gw --mutual-secret-file sluice.secret",
                    "initiator:delete walk"),
            new Call("initiator:create walk", "initiator:delete walk", ""),
            Call.of("initiator:group cluster esx1 web1"),
            Call.of("initiator:info web1 --json"),
            Call.of("initiator:list --json"),
            Call.of("initiator:set spare --any-iqn --address 192.0.2.98"),
            Call.of("lun:list " + ConsoleWorld.TARGET + " --sessions --json"),
            new Call(
                    "",
                    "lun:map " + ConsoleWorld.TARGET + " spare --lun 9 --read-only",
                    "lun:unmap " + ConsoleWorld.TARGET + " 9 --force"),
            new Call(
                    "lun:map " + ConsoleWorld.TARGET + " spare --lun 9",
                    "lun:unmap " + ConsoleWorld.TARGET + " 9 --force",
                    ""),
            new Call(
                    "backstore:create memory walk --size 1M",
                    "lun:replace " + ConsoleWorld.TARGET + " 1 walk",
                    "lun:replace " + ConsoleWorld.TARGET + " 1 disk1; backstore:delete walk"),
            new Call("", "portal:create PORTAL", "portal:delete PORTAL"),
            new Call("portal:create PORTAL", "portal:delete PORTAL", ""),
            new Call(
                    "portal:create PORTAL",
                    "portal:set PORTAL --group 7 --announce 192.0.2.2 --open-to-all on",
                    "portal:delete PORTAL"),
            Call.of("portal:list --json"),
            Call.of("session:info SESSION --json"),
            Call.of("session:list --json"),
            // So that there is something to export.
            new Call("trace:start", "session:close SESSION", ""),
            new Call("", "trace:export walk.pcap", "trace:stop"),
            Call.of("support:bundle walk.zip"),
            new Call(
                    "",
                    "target:access " + ConsoleWorld.TARGET + " standby",
                    "target:access " + ConsoleWorld.TARGET + " active-optimized"),
            new Call(
                    "",
                    "target:allow " + ConsoleWorld.TARGET + " cluster --lun 0=1 --lun 5=0:ro --read-only --manage",
                    "target:deny " + ConsoleWorld.TARGET + " cluster"),
            new Call(
                    "target:allow " + ConsoleWorld.TARGET + " cluster",
                    "target:deny " + ConsoleWorld.TARGET + " cluster",
                    ""),
            Call.of("target:portals " + ConsoleWorld.TARGET + " --all"),
            new Call(
                    "",
                    "target:redirect " + ConsoleWorld.TARGET + " 192.0.2.2 --permanent",
                    "target:redirect " + ConsoleWorld.TARGET + " --off"),
            new Call(
                    "",
                    "target:create " + NEW + " --file walk2.img --size 1M --block-size 4096",
                    "target:delete " + NEW + " --force; backstore:delete walk"),
            new Call("target:create " + NEW, "target:delete " + NEW + " --force", ""),
            new Call("", "target:disable " + ConsoleWorld.TARGET, "target:enable " + ConsoleWorld.TARGET),
            Call.of("target:enable " + ConsoleWorld.TARGET),
            Call.of("target:info " + ConsoleWorld.TARGET + " --json"),
            Call.of("target:list --json"),
            new Call("", "token:create walk --role viewer", "token:revoke walk"),
            Call.of("token:list --json"),
            new Call("token:create walk --role viewer", "token:revoke walk", ""),
            Call.of("trace:show --last 5 --json"),
            new Call("", "trace:start --slower-than 5ms --for 1m", "trace:stop"),
            Call.of("trace:status --json"),
            new Call("trace:start", "trace:stop", ""));

    /** Arguments that would be right, by their names in help. */
    private static final Map<String, String> ARGUMENTS = Map.ofEntries(
            entry("TYPE", "memory"),
            entry("ACTION", "add"),
            entry("LAYER", "throttle"),
            entry("[SETTING...]", "iops=100"),
            entry("[NAME]", "walk"),
            entry("NAME", "walk"),
            entry("SIZE", "2M"),
            entry("TARGET", ConsoleWorld.TARGET),
            entry("[TARGET]", ConsoleWorld.TARGET),
            entry("BACKSTORE", "spare"),
            entry("LUN", "1"),
            entry("PORTAL", "127.0.0.1:1"),
            entry("ID", "4711"),
            entry("[SESSION]", "4711"),
            entry("STATE", "standby"),
            entry("GROUP", "walk"),
            entry("MEMBER...", "web1"),
            entry("[GROUP...]", "1"),
            entry("INITIATOR", "web1"),
            entry("[ADDRESS]", "192.0.2.2"),
            entry("FILE", "gateway.json"),
            entry("[FILE]", "gateway.json"),
            entry("JOB", "7e3f-1"),
            entry("[JOB]", "7e3f-1"),
            entry("REVISION", "1"),
            entry("[REVISION]", "1"));

    /** What examples need where the usual world does not do. */
    private static final Map<String, String> BEFORE_EXAMPLE = Map.ofEntries(
            entry("backstore:create", "target:delete TARGET --force; backstore:delete disk0; backstore:delete disk1"),
            entry("backstore:delete", "target:delete TARGET --force"),
            entry("backstore:layer", "backstore:layer add spare throttle iops=100 bandwidth=1M"),
            entry("backstore:move-cancel", "backstore:move disk0 memory --rate 1K"),
            entry("backstore:move-rate", "backstore:move disk0 memory --rate 1K"),
            entry("lun:replace", "backstore:create memory restored --size 1M"),
            entry("lun:map", "lun:unmap TARGET 1 --force"),
            entry("lun:unmap", "session:close SESSION"),
            entry("target:delete", "session:close SESSION"),
            entry("trace:export", "trace:start; session:close SESSION"),
            entry("trace:start", "trace:stop"));

    private static ConsoleWorld world;
    private static Terminal terminal;
    private static final Map<String, HelpPage> PAGES = new TreeMap<>();

    @BeforeClass
    public static void open() throws IOException {
        Rest.install(SLUICE);
        world = new ConsoleWorld(SLUICE);
        terminal = world.terminal();
        PAGES.putAll(world.pages(terminal));
    }

    @AfterClass
    public static void close() throws IOException {
        if (world != null) {
            world.close();
        }
    }

    @Before
    public void make() throws IOException {
        world.make();
    }

    @Test
    public void theWalkKnowsEveryCommandOfTheConsole() {
        TreeSet<String> walked = new TreeSet<>();
        CALLS.forEach(call -> walked.add(command(call.call())));
        assertEquals("add a right call of a new command to the walk", PAGES.keySet(), walked);
    }

    @Test
    public void everyHelpFitsTheTerminalAndIsTheSameBySsh() throws IOException {
        for (HelpPage page : PAGES.values()) {
            fits(page.command() + " --help", page.text());
            Terminal.Outcome ssh = Console.ssh(SLUICE).run(page.command() + " --help");
            assertFalse(page.command(), ssh.failed());
            assertEquals(page.text().strip(), ssh.text().strip());
            for (String option : page.options().keySet()) {
                assertTrue(page.text(), page.text().contains(option));
            }
        }
    }

    @Test
    public void everyExampleRuns() throws IOException {
        List<String> wrong = new ArrayList<>();
        String fresh = configuration();
        for (HelpPage page : PAGES.values()) {
            assertFalse(page.command() + " has an example", page.examples().isEmpty());
            for (String example : page.examples()) {
                if (!configuration().equals(fresh)) {
                    world.make();
                    fresh = configuration();
                }
                for (String line : split(BEFORE_EXAMPLE.getOrDefault(page.command(), ""))) {
                    world.prepare(named(line));
                }
                // The number of a session is never used again.
                String line = example.startsWith("session:") ? example.replaceFirst("\\d+$", world.session()) : example;
                Terminal.Outcome outcome = terminal.run(line);
                boolean right = NotHere.servable(example) ? !outcome.failed() : NotHere.refused(example, outcome);
                if (!right) {
                    wrong.add(example + "\n" + outcome.text());
                }
                if (page.command().matches("session:close|trace:export|backstore:move.*")) {
                    // What goes on, or has ended, does not stand in the configuration.
                    fresh = "";
                }
            }
        }
        assertEquals(String.join("\n", wrong), 0, wrong.size());
    }

    @Test
    public void everyMistakeIsOneLineAndChangesNothing() throws IOException {
        List<String> wrong = new ArrayList<>();
        String before = configuration();
        for (HelpPage page : PAGES.values()) {
            String command = page.command();
            StringBuilder right = new StringBuilder(command);
            page.arguments().forEach(argument -> right.append(' ').append(ARGUMENTS.get(argument)));
            if (page.needed() > 0) {
                mistake(command, page.arguments().get(0), wrong);
                mistake(command + " no/such".repeat(page.arguments().size()), "", wrong);
            }
            mistake(right + " surplus", "surplus", wrong);
            mistake(right + " --colour", "--colour", wrong);
            mistake(command + " --colour=red" + right.substring(command.length()), "--colour", wrong);
        }
        assertEquals(String.join("\n", wrong), 0, wrong.size());
        assertEquals(before, configuration());
    }

    private static String configuration() throws IOException {
        return Files.readString(SLUICE.etc().resolve("gateway.json"));
    }

    private static void mistake(String line, String named, List<String> wrong) throws IOException {
        Terminal.Outcome here = terminal.run(line);
        Terminal.Outcome there = Console.ssh(SLUICE).run(line);
        boolean clear = here.failed()
                && here.lines().size() == 1
                && here.text().contains(named)
                && there.failed()
                && here.lines().equals(there.lines())
                && !there.text().contains("\u001b");
        if (!clear) {
            wrong.add(line + "\nat the prompt: " + here.text().strip() + "\nby ssh: "
                    + there.text().strip());
        }
    }

    @Test
    public void everyRightCallWorksWithOptionsInFrontAndBehind() throws IOException {
        List<String> wrong = new ArrayList<>();
        String portal = "127.0.0.1:" + Sluice.freePort();
        for (Call call : CALLS) {
            HelpPage page = PAGES.get(command(call.call()));
            TreeSet<String> texts = new TreeSet<>();
            TreeSet<String> lines = new TreeSet<>(List.of(call.call(), page.optionsInFront(call.call())));
            for (String line : lines) {
                for (String before : split(call.before())) {
                    world.prepare(named(before).replace("PORTAL", portal));
                }
                Terminal.Outcome outcome = terminal.run(named(line).replace("PORTAL", portal));
                if (NotHere.servable(line) ? outcome.failed() : !NotHere.refused(line, outcome)) {
                    wrong.add(line + "\n" + outcome.text());
                } else {
                    for (String after : split(call.after())) {
                        world.prepare(named(after).replace("PORTAL", portal));
                    }
                }
                texts.add(Told.withoutFigures(outcome.text()));
            }
            if (texts.size() > 1) {
                wrong.add(lines + " do not say the same:\n" + String.join("\nand\n", texts));
            }
        }
        assertEquals(String.join("\n", wrong), 0, wrong.size());
    }

    @Test
    public void everyListFitsTheTerminalAndIsJsonForPrograms() throws IOException {
        for (Call call : CALLS) {
            if (PAGES.get(command(call.call())).options().containsKey("--json")) {
                String line = named(call.call());
                assertTrue(call.call(), line.contains(" --json"));
                Terminal.Outcome table = terminal.run(line.replace(" --json", ""));
                fits(line, table.text());
                assertFalse(table.text(), table.failed());
                Json.check(line, Json.read(Console.ssh(SLUICE).run(line)));
                Terminal.Outcome piped = terminal.run(line.replace(" --json", "") + " | tac");
                assertTrue(piped.text(), piped.text().lines().count() > 0);
            }
        }
    }

    private static void fits(String command, String text) {
        text.lines().forEach(row -> assertTrue(command + ": " + row, row.length() <= Terminal.COLUMNS));
    }

    private static String command(String line) {
        return line.split(" ")[0];
    }

    private static String[] split(String lines) {
        return lines.isEmpty() ? new String[0] : lines.split("; ");
    }

    private static String named(String line) throws IOException {
        String named = line.replace("TARGET", ConsoleWorld.TARGET);
        if (named.contains("REVISION")) {
            named = named.replace("REVISION", Integer.toString(world.revision()));
        }
        if (named.contains("JOB")) {
            named = named.replace("JOB", world.job());
        }
        return named.contains("SESSION") ? named.replace("SESSION", world.session()) : named;
    }
}
