package io.sluice.itests;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.ClassRule;
import org.junit.Test;

/**
 * The libiscsi suite on every kind of unit. The table is kept in docs/conformance.md, and any difference from it fails: a
 * failure, a new skip, or a test that is skipped no more. With {@code -Dsluice.conformance.update=true} it is written anew.
 */
public class ConformanceIT {

    /** Two paths to the unit; first, because it relies on blocks that nobody has written. */
    private static final String MULTIPATH = "SCSI.MultipathIO";

    /** Families that write nothing, or want to see that they may not. */
    private static final Set<String> FOR_READ_ONLY = Set.of(
            "SCSI.NoMedia",
            "SCSI.PrinReadKeys",
            "SCSI.PrinReportCapabilities",
            "SCSI.PrinServiceactionRange",
            "SCSI.ProutClear",
            "SCSI.ProutPreempt",
            "SCSI.ProutRegister",
            "SCSI.ReadOnly");

    /** Families of which, without leave to write, the tool takes its own refusal to send a command for a failure. */
    private static final Set<String> NOT_FOR_READ_ONLY = Set.of(
            "SCSI.ProutReserve", "SCSI.Sanitize", "SCSI.WriteVerify10", "SCSI.WriteVerify12", "SCSI.WriteVerify16");

    private static final String READ_ONLY = "read-only";
    private static final int TESTS = 230;

    /** A sanitize operation has to take as long as its test takes to look at it. */
    private static final String ERASURE_RATE = "erasureMegabytesPerSecond = 40\n";

    /** The tool sleeps for a minute now and then, and answers no ping meanwhile. */
    private static final String PING_TIMEOUT = "pingTimeoutSeconds = 300\n";

    private static final Map<String, String> UNITS = new LinkedHashMap<>();

    static {
        UNITS.put("thin", "--size 400M");
        UNITS.put("removable", "--size 400M --removable --physical-block-size 4096 --no-unmap");
        UNITS.put(READ_ONLY, "--read-only --removable");
        UNITS.put("4Kn", "--size 400M --thick --block-size 4096");
    }

    private static final String BEGIN_REASONS = "<!-- reasons -->";
    private static final String END_REASONS = "<!-- end of reasons -->";
    private static final String BEGIN = "<!-- table -->";
    private static final String END = "<!-- end of table -->";

    @ClassRule
    public static final Sluice SLUICE = new Sluice()
            .configured("io.sluice.manager.cfg", ERASURE_RATE)
            .configured("io.sluice.iscsi.cfg", PING_TIMEOUT);

    @Test
    public void theTableIsAsItIsKept() throws IOException {
        List<String> all = Tool.run("iscsi-test-cu", "-l").output().lines().toList();
        List<String> families = all.stream()
                .filter(line -> line.matches("(SCSI|iSCSI)\\.[^.]+"))
                .toList();
        Map<String, Map<String, String>> results = new TreeMap<>();
        Map<String, CompletableFuture<Map<String, String>>> runs = new LinkedHashMap<>();
        ExecutorService executor = Executors.newFixedThreadPool(UNITS.size());
        try {
            for (String unit : UNITS.keySet()) {
                String url = create(unit);
                runs.put(unit, CompletableFuture.supplyAsync(() -> run(unit, url, families), executor));
            }
            runs.forEach((unit, run) -> run.join()
                    .forEach((test, result) -> results.computeIfAbsent(test, key -> new LinkedHashMap<>())
                            .put(unit, result)));
        } finally {
            executor.shutdownNow();
        }
        List<String> table = table(results);
        table.forEach(System.out::println);
        Path document = Path.of(System.getProperty("sluice.project"), "docs", "conformance.md");
        if (Boolean.getBoolean("sluice.conformance.update")) {
            write(document, table);
        }
        assertEquals(String.join("\n", kept(document)), String.join("\n", table));
        assertEquals(
                "no test may fail",
                0,
                table.stream().filter(row -> row.contains("FAIL")).count());
        List<String> nowhere = results.keySet().stream()
                .filter(test -> !results.get(test).containsValue("pass"))
                .toList();
        assertEquals("tests that pass on no unit", List.of(), nowhere);
        assertEquals(TESTS, results.size());
        assertEquals("skips without a reason", List.of(), unexplained(results, reasons(document)));
    }

    /** Why tests are skipped on units: the rows of the table of reasons. */
    private record Reason(List<String> tests, List<String> units) {

        boolean covers(String test, String unit) {
            return units.contains(unit)
                    && tests.stream()
                            .anyMatch(glob ->
                                    test.matches(glob.replace(".", "\\.").replace("*", ".*")));
        }
    }

    private static List<Reason> reasons(Path document) throws IOException {
        List<String> lines = Files.readAllLines(document);
        return lines.subList(lines.indexOf(BEGIN_REASONS) + 3, lines.indexOf(END_REASONS)).stream()
                .map(row -> row.split(" *\\| *"))
                .map(cells -> new Reason(List.of(cells[1].split(", ")), List.of(cells[2].split(", "))))
                .toList();
    }

    private static List<String> unexplained(Map<String, Map<String, String>> results, List<Reason> reasons) {
        List<String> unexplained = new ArrayList<>();
        results.forEach((test, units) -> units.forEach((unit, result) -> {
            if (result.equals("skip") && reasons.stream().noneMatch(reason -> reason.covers(test, unit))) {
                unexplained.add(test + " on " + unit);
            }
        }));
        return unexplained;
    }

    private static String create(String unit) throws IOException {
        String name = unit.toLowerCase(Locale.ROOT);
        String target = "iqn.2026-11.io.sluice:" + name;
        Path file = SLUICE.volumes().resolve(name + ".img");
        if (unit.equals(READ_ONLY)) {
            try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
                image.setLength(400L << 20);
            }
        }
        SLUICE.console("backstore:create file " + name + " --path " + file.getFileName() + " " + UNITS.get(unit)
                + "; target:create " + target + " --backstore " + name);
        return SLUICE.url(target, 0);
    }

    private static Map<String, String> run(String unit, String url, List<String> families) {
        Map<String, String> results = new LinkedHashMap<>(run(unit, MULTIPATH, url, url));
        for (String family : families) {
            if (!family.equals(MULTIPATH) && !(unit.equals(READ_ONLY) && NOT_FOR_READ_ONLY.contains(family))) {
                results.putAll(run(unit, family, url));
            }
        }
        return results;
    }

    private static Map<String, String> run(String unit, String family, String... urls) {
        List<String> command = new ArrayList<>(List.of("iscsi-test-cu", "--allow-sanitize", "-V", "-t", family));
        if (!unit.equals(READ_ONLY) || FOR_READ_ONLY.contains(family)) {
            command.add("--dataloss");
        }
        command.addAll(List.of(urls));
        Tool.Result result = Tool.run(command.toArray(String[]::new));
        Map<String, String> outcomes = new LinkedHashMap<>();
        String suite = "";
        String test = "";
        boolean skipped = false;
        for (String line : result.output().lines().toList()) {
            if (line.startsWith("Suite: ")) {
                suite = line.substring("Suite: ".length()).trim();
            } else if (line.startsWith("  Test: ")) {
                // A test that says nothing has its result on the same line.
                String rest = line.substring("  Test: ".length());
                test = suite + "." + rest.substring(0, rest.indexOf(" ..."));
                skipped = rest.contains("[SKIPPED]");
                outcomes.put(test, rest.endsWith("...passed") ? "pass" : rest.endsWith("...FAILED") ? "FAIL" : "none");
            } else if (line.contains("[SKIPPED]")) {
                skipped = true;
            } else if (line.startsWith("passed")) {
                outcomes.put(test, skipped ? "skip" : "pass");
            } else if (line.startsWith("FAILED")) {
                outcomes.put(test, "FAIL");
            }
        }
        if (outcomes.isEmpty() || outcomes.containsValue("none")) {
            throw new AssertionError(family + " did not end:\n" + result.output());
        }
        return outcomes;
    }

    private static List<String> table(Map<String, Map<String, String>> results) {
        List<String> table = new ArrayList<>();
        table.add("| test | " + String.join(" | ", UNITS.keySet()) + " |");
        table.add("|---|" + "---|".repeat(UNITS.size()));
        for (String test : new TreeSet<>(results.keySet())) {
            List<String> cells = UNITS.keySet().stream()
                    .map(unit -> results.get(test).getOrDefault(unit, "–"))
                    .toList();
            table.add("| " + test + " | " + String.join(" | ", cells) + " |");
        }
        return table;
    }

    private static List<String> kept(Path document) throws IOException {
        List<String> lines = Files.readAllLines(document);
        return lines.subList(lines.indexOf(BEGIN) + 1, lines.indexOf(END));
    }

    private static void write(Path document, List<String> table) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(document));
        List<String> old = lines.subList(lines.indexOf(BEGIN) + 1, lines.indexOf(END));
        old.clear();
        old.addAll(table);
        Files.write(document, lines);
    }
}
