package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.BeforeClass;
import org.junit.Test;

/** The tests that docs/conformance.md names exist, and those of the package for it are all named. */
public class DocumentedTestsTest {

    private static final int CHECKS = 82;
    private static final int CHECKS_WITH_A_TEST = 70;
    private static final int GROUPS = 19;
    private static final String NOT_OFFERED = "not offered";

    private static final Path PROJECT = Path.of("..");
    private static final String CHECK_PACKAGE = "package io.sluice.iscsi.conformance;";

    /** A test method, with the number of the check that its Javadoc begins with, if it has one. */
    private static final Pattern TEST = Pattern.compile(
            "(?:/\\*\\* (\\d+\\.\\d+): [^/]*?\\*/\\s*)?@Test(?:\\([^)]*\\))?\\s+public (?:final )?void (\\w+)\\(");

    private static final Pattern NAMED = Pattern.compile("`(\\w+\\.\\w+)`");

    /** The numbers of the checks of each test, by class and method; empty for a test that is none. */
    private static final Map<String, String> TESTS = new HashMap<>();

    private static final TreeSet<String> TESTS_OF_THE_PACKAGE = new TreeSet<>();
    private static List<List<String>> musts;
    private static List<List<String>> checks;

    @BeforeClass
    public static void read() throws IOException {
        try (Stream<Path> files = Files.walk(PROJECT.resolve("bundles"));
                Stream<Path> ofTheWhole = Files.walk(PROJECT.resolve("itests/src"))) {
            for (Path file : Stream.concat(files, ofTheWhole)
                    .filter(path -> path.toString().contains("src/test/java")
                            && path.toString().endsWith(".java"))
                    .toList()) {
                readTests(file);
            }
        }
        musts = table("musts");
        checks = table("checks");
    }

    private static void readTests(Path file) throws IOException {
        String source = Files.readString(file);
        String name = file.getFileName().toString().replace(".java", "");
        Matcher test = TEST.matcher(source);
        while (test.find()) {
            String full = name + "." + test.group(2);
            TESTS.put(full, test.group(1) == null ? "" : test.group(1));
            if (source.startsWith(CHECK_PACKAGE)) {
                TESTS_OF_THE_PACKAGE.add(full);
            }
        }
    }

    /** Returns the cells of a table's rows, without its head. */
    private static List<List<String>> table(String name) throws IOException {
        List<String> lines = Files.readAllLines(PROJECT.resolve("docs/conformance.md"));
        int begin = lines.indexOf("<!-- " + name + " -->");
        int end = lines.indexOf("<!-- end of " + name + " -->");
        assertTrue("no table of " + name, begin >= 0 && end > begin + 3);
        return lines.subList(begin + 3, end).stream()
                .map(row -> List.of(row.substring(1).trim().split(" *\\| *")))
                .toList();
    }

    private static List<String> named(List<String> row) {
        List<String> tests = new ArrayList<>();
        Matcher name = NAMED.matcher(row.get(row.size() - 1));
        while (name.find()) {
            tests.add(name.group(1));
        }
        return tests;
    }

    @Test
    public void eachTestThatIsNamedExists() {
        List<String> missing = Stream.concat(musts.stream(), checks.stream())
                .flatMap(row -> named(row).stream())
                .filter(test -> !TESTS.containsKey(test))
                .toList();
        assertEquals("tests that do not exist", List.of(), missing);
    }

    @Test
    public void eachClauseHasATest() {
        for (List<String> row : musts) {
            assertEquals("clause, what it asks, tests: " + row, 3, row.size());
            assertTrue("no test: " + row, !named(row).isEmpty());
        }
    }

    @Test
    public void checksAreNumberedAndHaveATestOrAreNotOffered() {
        Map<Integer, Integer> groups = new TreeMap<>();
        int tested = 0;
        for (List<String> row : checks) {
            String[] number = row.get(0).split("\\.");
            int group = Integer.parseInt(number[0]);
            int check = groups.merge(group, 1, Integer::sum);
            assertEquals("in order", group + "." + check, row.get(0));
            List<String> tests = named(row);
            tested += tests.isEmpty() ? 0 : 1;
            assertEquals(
                    row.toString(), tests.isEmpty(), row.get(row.size() - 1).startsWith(NOT_OFFERED));
            for (String test : tests) {
                assertEquals(test + " says which check it is", row.get(0), TESTS.get(test));
            }
        }
        assertEquals(GROUPS, groups.size());
        assertEquals(CHECKS, checks.size());
        assertTrue(tested + " have a test", tested >= CHECKS_WITH_A_TEST);
    }

    @Test
    public void eachTestOfThePackageIsNamed() {
        TreeSet<String> unnamed = new TreeSet<>(TESTS_OF_THE_PACKAGE);
        Stream.concat(musts.stream(), checks.stream()).forEach(row -> named(row).forEach(unnamed::remove));
        assertEquals(new TreeSet<>(), unnamed);
        assertTrue("the package is read", TESTS_OF_THE_PACKAGE.size() >= CHECKS_WITH_A_TEST);
    }
}
