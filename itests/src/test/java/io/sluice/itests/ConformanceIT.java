package io.sluice.itests;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.ClassRule;
import org.junit.Test;

/**
 * The libiscsi suite on every kind of unit. The table is kept in docs/conformance.md, and any difference from it fails: a
 * failure, a new skip, or a test that is skipped no more. With {@code -Dsluice.conformance.update=true} it is written anew.
 */
public class ConformanceIT {

    private static final List<String> FAMILIES = List.of(
            "SCSI.Inquiry",
            "SCSI.Mandatory",
            "SCSI.ModeSense6",
            "SCSI.PreventAllow",
            "SCSI.Read6",
            "SCSI.Read10",
            "SCSI.Read12",
            "SCSI.Read16",
            "SCSI.ReadCapacity10",
            "SCSI.ReadCapacity16",
            "SCSI.ReadDefectData10",
            "SCSI.ReadDefectData12",
            "SCSI.ReadOnly",
            "SCSI.ReportSupportedOpcodes",
            "SCSI.StartStopUnit",
            "SCSI.TestUnitReady",
            "SCSI.Unmap",
            "SCSI.Verify10",
            "SCSI.Verify12",
            "SCSI.Verify16",
            "SCSI.Write10",
            "SCSI.Write12",
            "SCSI.Write16",
            "SCSI.WriteAtomic16",
            "SCSI.WriteSame10",
            "SCSI.WriteSame16",
            "SCSI.WriteVerify10",
            "SCSI.WriteVerify12",
            "SCSI.WriteVerify16",
            "iSCSI.iSCSIcmdsn",
            "iSCSI.iSCSIdatasn",
            "iSCSI.iSCSIResiduals",
            "iSCSI.iSCSITMF");

    private static final Map<String, String> UNITS = new LinkedHashMap<>();

    static {
        UNITS.put("thin", "--physical-block-size 4096");
        UNITS.put("removable", "--thick --removable");
        UNITS.put("4Kn", "--block-size 4096");
    }

    private static final String BEGIN_REASONS = "<!-- reasons -->";
    private static final String END_REASONS = "<!-- end of reasons -->";
    private static final String BEGIN = "<!-- table -->";
    private static final String END = "<!-- end of table -->";

    @ClassRule
    public static final Sluice SLUICE = new Sluice();

    @Test
    public void theTableIsAsItIsKept() throws IOException {
        Map<String, Map<String, String>> results = new LinkedHashMap<>();
        for (Map.Entry<String, String> unit : UNITS.entrySet()) {
            String name = unit.getKey().toLowerCase();
            String target = "iqn.2026-11.io.sluice:" + name;
            SLUICE.console("backstore:create file " + name + " --path " + SLUICE.folder() + "/" + name
                    + ".img --size 400M " + unit.getValue() + "; target:create " + target + " --backstore " + name);
            for (String family : FAMILIES) {
                run(family, SLUICE.url(target, 0))
                        .forEach((test, result) -> results.computeIfAbsent(test, key -> new LinkedHashMap<>())
                                .put(unit.getKey(), result));
            }
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

    private static Map<String, String> run(String family, String url) {
        Tool.Result result = Tool.run("iscsi-test-cu", "--dataloss", "-V", "-t", family, url);
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
                    .map(unit -> results.get(test).get(unit))
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
