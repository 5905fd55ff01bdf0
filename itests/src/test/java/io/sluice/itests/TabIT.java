package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/**
 * TAB at a terminal: what it offers, with descriptions, and that nothing in the line is doubled or lost. After each TAB a letter
 * is typed that fits nothing: where it stands shows what TAB has done, and where it has left the cursor.
 */
public class TabIT {

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    private static final String LETTER = "Z";
    private static final int ENOUGH = 3;
    private static final String TARGET = ConsoleWorld.TARGET;
    private static final String OTHER = "iqn.2026-11.io.sluice:other";

    /**
     * A line and what TAB makes of it. A bar is the cursor.
     *
     * @param before the line
     * @param after the line behind
     * @param shown what is listed below: each has to be there, with what its description begins with behind a colon
     */
    private record Row(String before, String after, List<String> shown) {

        static Row of(String before, String after, String... shown) {
            return new Row(before, after, List.of(shown));
        }
    }

    private static final String[] BACKSTORES = {"disk0", "disk1", "spare"};
    private static final String[] TARGETS = {TARGET, OTHER};
    private static final String[] SIZES = {"1G", "10G"};
    private static final String[] INITIATORS = {"esx1", "here", "spare", "web1"};
    private static final String[] GRANTEES = {"cluster", "esx1", "here", "spare", "web1"};
    private static final String BOTH = "iqn.2026-11.io.sluice:";

    private static final List<Row> COMMANDS = List.of(
            Row.of("targ|", "target|", "target:create: Creates a target", "target:delete: Removes a target"),
            Row.of("target:|", "target:|", "target:create: Creates a target", "target:info: Shows a target"),
            Row.of("target:cr|", "target:create |"),
            Row.of("target:cr|eate", "target:create |"),
            Row.of("target:create|", "target:create |"),
            Row.of("backstore:re|", "backstore:re|", "backstore:reopen: Closes", "backstore:resize: "),
            Row.of("backstore:reo|", "backstore:reopen |"),
            Row.of("target:list; target:cr|", "target:list; target:create |"),
            Row.of("target:list ; lun:m|", "target:list ; lun:map |"));

    private static final List<Row> ARGUMENTS = List.of(
            Row.of("backstore:create |", "backstore:create |", "file: a file", "memory: blocks", "null: reads"),
            Row.of("backstore:create me|", "backstore:create memory |"),
            Row.of("backstore:create m|em", "backstore:create memory |"),
            Row.of("backstore:create memory fresh |", "backstore:create memory fresh -|", "--size: Capacity"),
            Row.of("backstore:delete |", "backstore:delete |", BACKSTORES),
            Row.of("backstore:delete sp|", "backstore:delete spare |"),
            Row.of("backstore:info |", "backstore:info |", BACKSTORES),
            Row.of("backstore:info di|", "backstore:info disk|", "disk0", "disk1"),
            Row.of("backstore:info --json sp|", "backstore:info --json spare |"),
            Row.of("backstore:layer |", "backstore:layer |", "add: puts one", "set: changes", "remove: takes"),
            Row.of("backstore:layer add |", "backstore:layer add |", BACKSTORES),
            Row.of("backstore:layer add spare |", "backstore:layer add spare |", "crypt: encrypts", "throttle: limits"),
            Row.of("backstore:layer add spare throttle io|", "backstore:layer add spare throttle iops=|"),
            Row.of("backstore:layers |", "backstore:layers |", BACKSTORES),
            Row.of("backstore:move |", "backstore:move |", BACKSTORES),
            Row.of("backstore:move spare |", "backstore:move spare |", "file: a file", "memory: blocks", "null: reads"),
            Row.of("backstore:move-cancel |", "backstore:move-cancel |", BACKSTORES),
            Row.of("backstore:move-rate |", "backstore:move-rate |", BACKSTORES),
            Row.of("backstore:move-rate spare |", "backstore:move-rate spare 1|", SIZES),
            Row.of("backstore:reopen |", "backstore:reopen |", BACKSTORES),
            Row.of("backstore:reopen s|pare", "backstore:reopen spare |"),
            Row.of("backstore:resize |", "backstore:resize |", BACKSTORES),
            Row.of("backstore:takeover |", "backstore:takeover |", BACKSTORES),
            Row.of("backstore:resize spare |", "backstore:resize spare 1|", SIZES),
            Row.of("gateway:apply gateway.s|", "gateway:apply gateway.schema.json |"),
            Row.of("gateway:export gateway.s|", "gateway:export gateway.schema.json |"),
            Row.of("gateway:history any|", "gateway:history any|"),
            Row.of("gateway:import gateway.s|", "gateway:import gateway.schema.json |"),
            Row.of("gateway:jobs any|", "gateway:jobs any|"),
            Row.of("gateway:job-cancel any|", "gateway:job-cancel any|"),
            Row.of("gateway:plan gateway.s|", "gateway:plan gateway.schema.json |"),
            Row.of("gateway:rollback any|", "gateway:rollback any|"),
            Row.of("lun:list |", "lun:list |", TARGETS),
            Row.of("lun:list iqn.2026-11.io.sluice:o|", "lun:list " + OTHER + " |"),
            Row.of("lun:map |", "lun:map " + BOTH + "|", TARGETS),
            Row.of("lun:map " + TARGET + " |", "lun:map " + TARGET + " |", BACKSTORES),
            Row.of("lun:map --read-only " + TARGET + " sp|", "lun:map --read-only " + TARGET + " spare |"),
            Row.of("lun:replace |", "lun:replace " + BOTH + "|", TARGETS),
            Row.of("lun:replace " + TARGET + " |", "lun:replace " + TARGET + " |", "0: disk0", "1: disk1"),
            Row.of("lun:replace " + TARGET + " 1 |", "lun:replace " + TARGET + " 1 |", BACKSTORES),
            Row.of("lun:unmap |", "lun:unmap " + BOTH + "|", TARGETS),
            Row.of("lun:unmap " + TARGET + " |", "lun:unmap " + TARGET + " |", "0: disk0", "1: disk1"),
            Row.of("lun:unmap --force " + TARGET + " |", "lun:unmap --force " + TARGET + " |", "0: disk0", "1: disk1"),
            Row.of("portal:create 127|", "portal:create 127.0.0.1:3260 |"),
            Row.of("portal:delete |", "portal:delete PORTAL |"),
            Row.of("portal:set |", "portal:set PORTAL |"),
            Row.of("session:close |", "session:close SESSION |"),
            Row.of("session:info |", "session:info SESSION |"),
            Row.of("support:bundle |", "support:bundle --help |"),
            Row.of("target:access |", "target:access " + BOTH + "|", TARGETS),
            Row.of("target:access " + TARGET + " |", "target:access " + TARGET + " |", "active-optimized", "standby"),
            Row.of("target:access " + TARGET + " st|", "target:access " + TARGET + " standby |"),
            Row.of("initiator:create fresh |", "initiator:create fresh --|", "--iqn: iSCSI name"),
            Row.of("initiator:delete |", "initiator:delete |", GRANTEES),
            Row.of("initiator:delete sp|", "initiator:delete spare |"),
            Row.of("initiator:group |", "initiator:group cluster |"),
            Row.of("initiator:group cluster |", "initiator:group cluster |", INITIATORS),
            Row.of("initiator:group cluster web1 e|", "initiator:group cluster web1 esx1 |"),
            Row.of("initiator:info |", "initiator:info |", GRANTEES),
            Row.of("initiator:info cl|", "initiator:info cluster |"),
            Row.of("initiator:set |", "initiator:set |", INITIATORS),
            Row.of("target:allow |", "target:allow " + BOTH + "|", TARGETS),
            Row.of("target:allow " + TARGET + " |", "target:allow " + TARGET + " |", GRANTEES),
            Row.of("target:deny |", "target:deny " + BOTH + "|", TARGETS),
            Row.of("target:deny " + TARGET + " |", "target:deny " + TARGET + " |", "here", "web1"),
            Row.of("target:portals |", "target:portals " + BOTH + "|", TARGETS),
            Row.of(
                    "target:portals " + TARGET + " |",
                    "target:portals " + TARGET + " |",
                    "1: 127.0.0.1",
                    "--all: Through"),
            Row.of("target:redirect |", "target:redirect " + BOTH + "|", TARGETS),
            Row.of("target:redirect " + TARGET + " |", "target:redirect " + TARGET + " --|", "--off: Nobody"),
            Row.of(
                    "target:create iqn.2026-11.io.sluice:new |",
                    "target:create iqn.2026-11.io.sluice:new --|",
                    "--file: A file"),
            Row.of("target:delete |", "target:delete " + BOTH + "|", TARGETS),
            Row.of("target:delete iqn.2026-11.io.sluice:|", "target:delete " + BOTH + "|", TARGETS),
            Row.of("target:disable |", "target:disable " + BOTH + "|", TARGETS),
            Row.of("target:enable |", "target:enable " + BOTH + "|", TARGETS),
            Row.of("target:info |", "target:info " + BOTH + "|", TARGETS),
            Row.of("target:info iqn.2026-11.io.sluice:d|", "target:info " + TARGET + " |"),
            Row.of("target:info iqn.2026-11.io.sluice:d|isk0", "target:info " + TARGET + " |"),
            Row.of("target:list; target:info iqn.2026-11.io.sluice:d|", "target:list; target:info " + TARGET + " |"),
            Row.of("target:list; backstore:info |", "target:list; backstore:info |", BACKSTORES),
            Row.of("token:create fresh |", "token:create fresh --|", "--role: What"),
            Row.of("token:revoke |", "token:revoke |", "backup", "monitor"),
            Row.of("token:revoke b|", "token:revoke backup |"),
            Row.of("trace:export any|", "trace:export any|"),
            Row.of("gateway:doctor |", "gateway:doctor |", "--json: Prints"));

    private static final List<Row> VALUES = List.of(
            Row.of("trace:start --target |", "trace:start --target " + BOTH + "|", TARGETS),
            Row.of("trace:start --initiator |", "trace:start --initiator |", INITIATORS),
            Row.of("trace:start --memory |", "trace:start --memory 1|", SIZES),
            Row.of("trace:start --slower-than |", "trace:start --slower-than |", "5ms", "1s", "10m"),
            Row.of("trace:start --for |", "trace:start --for |", "5ms", "1s", "10m"),
            Row.of("trace:start --data any|", "trace:start --data any|"),
            Row.of("trace:show --last any|", "trace:show --last any|"),
            Row.of(
                    "trace:start --target " + TARGET + " --lun |",
                    "trace:start --target " + TARGET + " --lun |",
                    "0: disk0",
                    "1: disk1"),
            Row.of("token:create fresh --role |", "token:create fresh --role |", "admin", "operator", "viewer"),
            Row.of("token:create fresh --role v|", "token:create fresh --role viewer |"),
            Row.of("backstore:create memory fresh --size |", "backstore:create memory fresh --size 1|", SIZES),
            Row.of("backstore:create file fresh --path di|", "backstore:create file fresh --path disk0.img |"),
            Row.of(
                    "backstore:create memory fresh --block-size |",
                    "backstore:create memory fresh --block-size |",
                    "512",
                    "4096"),
            Row.of(
                    "backstore:create memory fresh --block-size 4|",
                    "backstore:create memory fresh --block-size 4096 |"),
            Row.of(
                    "backstore:create memory fresh --block-size=4|",
                    "backstore:create memory fresh --block-size=4096 |"),
            Row.of(
                    "backstore:create memory fresh --block-size=|",
                    "backstore:create memory fresh --block-size=|",
                    "512",
                    "4096"),
            Row.of(
                    "backstore:create memory fresh --physical-block-size 4|",
                    "backstore:create memory fresh --physical-block-size 4096 |"),
            Row.of(
                    "backstore:create file fresh --create-from di|",
                    "backstore:create file fresh --create-from disk0.img |"),
            Row.of("backstore:create memory fresh --threshold 8|", "backstore:create memory fresh --threshold 80 |"),
            Row.of(
                    "backstore:create file fresh -o |",
                    "backstore:create file fresh -o |",
                    "createFrom=: ",
                    "createdFrom=: ",
                    "path=: ",
                    "preallocate=: "),
            Row.of("backstore:create file fresh -o pre|", "backstore:create file fresh -o preallocate=|"),
            Row.of("backstore:create file fresh --option pre|", "backstore:create file fresh --option preallocate=|"),
            Row.of(
                    "backstore:create file fresh -o preallocate=t|",
                    "backstore:create file fresh -o preallocate=true |"),
            Row.of(
                    "backstore:create file fresh -o preallocate=|",
                    "backstore:create file fresh -o preallocate=|",
                    "true",
                    "false"),
            Row.of("backstore:create -o pre| file fresh", "backstore:create -o preallocate=| file fresh"),
            Row.of("backstore:create memory fresh --naa 3|", "backstore:create memory fresh --naa 3|"),
            Row.of("backstore:create memory fresh --serial S|", "backstore:create memory fresh --serial S|"),
            Row.of("gateway:apply --why any|", "gateway:apply --why any|"),
            Row.of("gateway:export --target |", "gateway:export --target " + BOTH + "|", TARGETS),
            Row.of("gateway:import --format g|", "gateway:import --format gotgt |"),
            Row.of("gateway:import --why any|", "gateway:import --why any|"),
            Row.of("gateway:rollback --why any|", "gateway:rollback --why any|"),
            Row.of("gateway:stats --backstore |", "gateway:stats --backstore |", "disk0", "disk1", "spare"),
            Row.of("gateway:stats --interval 2|", "gateway:stats --interval 2|"),
            Row.of("gateway:security --discovery-chap |", "gateway:security --discovery-chap o|", "on", "off"),
            Row.of("gateway:security --chap-algorithms sha3|", "gateway:security --chap-algorithms sha3-256|"),
            Row.of("gateway:security --chap-algorithms md5,sha1|", "gateway:security --chap-algorithms md5,sha1|"),
            Row.of("initiator:create fresh --iqn |", "initiator:create fresh --iqn " + BOTH + "host1 |"),
            Row.of("initiator:create fresh --address |", "initiator:create fresh --address 127.0.0.1 |"),
            Row.of("initiator:create fresh --chap any|", "initiator:create fresh --chap any|"),
            Row.of(
                    "initiator:create fresh --chap any --secret-file db|",
                    "initiator:create fresh --chap any --secret-file db2.secret |"),
            Row.of("initiator:create fresh --mutual any|", "initiator:create fresh --mutual any|"),
            Row.of(
                    "initiator:create fresh --mutual-secret-file db|",
                    "initiator:create fresh --mutual-secret-file db2.secret |"),
            Row.of("initiator:set web1 --iqn |", "initiator:set web1 --iqn " + BOTH + "host1 |"),
            Row.of("initiator:set web1 --address |", "initiator:set web1 --address 127.0.0.1 |"),
            Row.of("initiator:set web1 --chap any|", "initiator:set web1 --chap any|"),
            Row.of("initiator:set web1 --secret-file web|", "initiator:set web1 --secret-file web1.secret |"),
            Row.of("initiator:set web1 --mutual any|", "initiator:set web1 --mutual any|"),
            Row.of(
                    "initiator:set web1 --mutual-secret-file slu|",
                    "initiator:set web1 --mutual-secret-file sluice.secret |"),
            Row.of("initiator:create fresh --iops |", "initiator:create fresh --iops |", "500", "2000", "10000"),
            Row.of("initiator:create fresh --bandwidth |", "initiator:create fresh --bandwidth 1|", "10M", "1G"),
            Row.of("initiator:create fresh --burst |", "initiator:create fresh --burst |", "100ms", "2s"),
            Row.of("initiator:set web1 --iops |", "initiator:set web1 --iops |", "500", "2000", "10000"),
            Row.of("initiator:set web1 --bandwidth |", "initiator:set web1 --bandwidth 1|", "10M", "1G"),
            Row.of("initiator:set web1 --burst |", "initiator:set web1 --burst |", "100ms", "2s"),
            Row.of("portal:create 127.0.0.1 --group |", "portal:create 127.0.0.1 --group 1 |"),
            Row.of("portal:create 127.0.0.1 --announce any|", "portal:create 127.0.0.1 --announce any|"),
            Row.of("portal:set 127.0.0.1 --group |", "portal:set 127.0.0.1 --group 1 |"),
            Row.of("portal:set 127.0.0.1 --announce any|", "portal:set 127.0.0.1 --announce any|"),
            Row.of("portal:set 127.0.0.1 --open-to-all of|", "portal:set 127.0.0.1 --open-to-all off |"),
            Row.of(
                    "target:access " + TARGET + " standby --group |",
                    "target:access " + TARGET + " standby --group 1 |"),
            Row.of(
                    "target:allow " + TARGET + " web1 --lun |",
                    "target:allow " + TARGET + " web1 --lun |",
                    "0: disk0",
                    "1: disk1"),
            Row.of(
                    "target:allow " + TARGET + " web1 --lun 5=|",
                    "target:allow " + TARGET + " web1 --lun 5=|",
                    "5=0",
                    "5=1"),
            Row.of("backstore:move spare file --path di|", "backstore:move spare file --path disk0.img |"),
            Row.of("backstore:move spare file --rate |", "backstore:move spare file --rate 1|", SIZES),
            Row.of("backstore:move spare file -o pre|", "backstore:move spare file -o preallocate=|"),
            Row.of("backstore:move spare file --option pre|", "backstore:move spare file --option preallocate=|"),
            Row.of("lun:map " + TARGET + " spare --lun |", "lun:map " + TARGET + " spare --lun |", "2", "3"),
            Row.of(
                    "target:create " + BOTH + "fresh --backstore sp|",
                    "target:create " + BOTH + "fresh --backstore spare |"),
            // Goes beyond the end of the row.
            Row.of(
                    "target:create " + BOTH + "fresh --backstore disk0 --backstore sp|",
                    "target:create " + BOTH + "fresh --backstore disk0 --backstore spare |"),
            Row.of(
                    "target:create " + BOTH + "fresh --backstore disk0 --backstore disk1 --backstore |",
                    "target:create " + BOTH + "fresh --backstore disk0 --backstore disk1 --backstore |",
                    BACKSTORES),
            Row.of("target:create " + BOTH + "fresh --file di|", "target:create " + BOTH + "fresh --file disk0.img |"),
            Row.of(
                    "target:create " + BOTH + "fresh --file x.img --size |",
                    "target:create " + BOTH + "fresh --file x.img --size 1|",
                    SIZES),
            Row.of(
                    "target:create " + BOTH + "fresh --file x.img --block-size 5|",
                    "target:create " + BOTH + "fresh --file x.img --block-size 512 |"),
            Row.of(
                    "target:create --backstore sp| " + BOTH + "fresh",
                    "target:create --backstore spare |" + BOTH + "fresh"));

    private static final Map<String, HelpPage> PAGES = new TreeMap<>();

    private static ConsoleWorld world;
    private static Terminal terminal;
    private static String session;

    @BeforeClass
    public static void open() throws IOException {
        Rest.install(SLUICE);
        world = new ConsoleWorld(SLUICE);
        terminal = world.terminal();
        world.make();
        world.prepare("target:create " + OTHER);
        world.prepare("token:create backup --role viewer");
        world.prepare("token:create monitor --role viewer");
        session = world.session();
        PAGES.putAll(world.pages(terminal));
    }

    @AfterClass
    public static void close() throws IOException {
        if (world != null) {
            world.close();
        }
    }

    @Test
    public void namesOfCommands() throws IOException {
        all(COMMANDS);
    }

    @Test
    public void arguments() throws IOException {
        all(ARGUMENTS);
    }

    @Test
    public void valuesOfOptions() throws IOException {
        all(VALUES);
    }

    @Test
    public void everyOptionOfEveryCommandFromItsFirstHalf() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (HelpPage page : PAGES.values()) {
            for (String option : page.options().keySet()) {
                List<String> same = page.options().keySet().stream()
                        .filter(other -> other.startsWith(half(option)))
                        .toList();
                String begin = page.command() + " ";
                rows.add(
                        same.size() == 1
                                ? Row.of(begin + half(option) + "|", begin + option + " |")
                                : new Row(begin + half(option) + "|", begin + common(same) + "|", same));
            }
        }
        assertTrue("options were found: " + rows.size(), rows.size() > 30);
        all(rows);
    }

    @Test
    public void theTablesHaveEveryArgumentAndEveryOptionWithAValue() {
        List<Row> rows = new ArrayList<>(ARGUMENTS);
        rows.addAll(VALUES);
        TreeSet<String> missing = new TreeSet<>();
        for (HelpPage page : PAGES.values()) {
            page.options().forEach((option, value) -> {
                if (value && rows.stream().noneMatch(row -> tries(row, page, option))) {
                    missing.add(page.command() + " " + option);
                }
            });
            // The name of something new cannot be known, so what comes behind it is tried.
            long tried = ARGUMENTS.stream()
                    .map(row -> row.before().split("\\|")[0])
                    .filter(line -> line.startsWith(page.command() + " "))
                    .map(line -> (line + LETTER).replaceAll(" --?[a-z-]+", "").split(" ").length - 1)
                    .distinct()
                    .count();
            if (tried < page.arguments().size()) {
                missing.add(page.command() + " " + page.arguments() + ": " + tried + " tried");
            }
        }
        assertEquals(new TreeSet<>(), missing);
    }

    private static boolean tries(Row row, HelpPage page, String option) {
        String line = row.before().split("\\|")[0];
        return line.startsWith(page.command() + " ") && line.matches(".* " + option + "[ =]\\S*");
    }

    @Test
    public void anEmptyLineAsksBeforeItShowsAllCommands() throws IOException {
        terminal.clear().tab();
        terminal.await(
                "the question", screen -> screen.screen().stream().anyMatch(row -> row.contains("possibilities")));
        terminal.press("n");
        terminal.clear();
    }

    @Test
    public void aViewerIsOfferedNothingThatChanges() throws IOException {
        Path key = SLUICE.folder().resolve("viewer.key");
        Files.writeString(
                SLUICE.etc().resolve("keys.properties"),
                "watcher = " + Console.newKey(key) + ",viewer,ssh\n",
                StandardOpenOption.APPEND);
        TreeSet<String> looking = PAGES.keySet().stream()
                .filter(name -> name.matches("(?!token).*:(list|info|types|layers|moves|jobs|stats|status|history)"))
                .collect(Collectors.toCollection(TreeSet::new));
        TreeSet<String> offered = new TreeSet<>();
        try (Terminal viewer = Terminal.open(SLUICE, "watcher", key)) {
            for (String scope :
                    PAGES.keySet().stream().map(name -> name.split(":")[0]).collect(Collectors.toSet())) {
                viewer.clear().type(scope + ":").press("\t" + LETTER);
                viewer.await("the end of TAB", screen -> screen.line().contains(LETTER));
                String completed = viewer.line().replace(LETTER, "");
                if (completed.endsWith(" ")) {
                    offered.add(completed.strip());
                    continue;
                }
                if (looking.stream().noneMatch(name -> name.startsWith(scope + ":"))) {
                    continue;
                }
                viewer.clear().type(completed).tab();
                viewer.await(
                        "commands to look at things", screen -> !screen.below().isEmpty());
                viewer.below().forEach(row -> offered.add(row.split(" ")[0]));
            }
        }
        assertEquals(looking, offered);
    }

    /** Tries all rows, but does not wait for many of them in vain. */
    private static void all(List<Row> rows) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Row row : rows) {
            if (wrong.size() == ENOUGH) {
                break;
            }
            try {
                check(row);
            } catch (AssertionError different) {
                wrong.add(row.before() + ": " + different.getMessage());
            }
        }
        assertEquals(String.join("\n\n", wrong), 0, wrong.size());
    }

    private static void check(Row row) throws IOException {
        String before = row.before().replace("|", "");
        String after = row.after().replace("PORTAL", SLUICE.portalText()).replace("SESSION", session);
        terminal.clear().type(before).left(before.length() - row.before().indexOf('|'));
        terminal.tab();
        if (!row.shown().isEmpty()) {
            terminal.await(
                    "the list " + row.shown(),
                    screen -> screen.lists(after.replace("|", "")) && shows(screen.below(), row.shown()));
        }
        terminal.press(LETTER);
        terminal.await("the line " + after, screen -> screen.line().equals(after.replace("|", LETTER)));
    }

    /** Returns whether each is listed, as the first word of a column, with its description if one is named. */
    private static boolean shows(List<String> rows, List<String> shown) {
        return shown.stream().allMatch(entry -> {
            int colon = entry.lastIndexOf(": ");
            String word = colon < 0 ? entry : entry.substring(0, colon);
            String description = colon < 0 ? "" : "(" + entry.substring(colon + 2);
            return rows.stream().anyMatch(row -> words(row).contains(word) && row.contains(description));
        });
    }

    private static List<String> words(String row) {
        return Arrays.asList(row.split("[ (),]+"));
    }

    private static String half(String option) {
        return option.substring(0, Math.max(2, option.length() / 2));
    }

    private static String common(List<String> options) {
        String first = options.get(0);
        int length = first.length();
        for (String option : options) {
            while (!option.startsWith(first.substring(0, length))) {
                length--;
            }
        }
        return first.substring(0, length);
    }
}
