package io.sluice.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

/** Every command has its line in the access list of its scope, and the lists say what docs/operations.md says. */
public class AccessListTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final String PREFIX = "org.apache.karaf.command.acl.";
    private static final Set<String> LOOKING =
            Set.of("list", "info", "types", "status", "stats", "layers", "moves", "jobs", "history");
    private static final Set<String> EVERYBODY = Set.of("admin", "operator", "manager", "viewer");
    /** Who may do what over the REST interface is for those to know who say it. */
    private static final String TOKENS = "token:";

    private static final String SECTION = "## Who may do what";

    @Test
    public void everyCommandHasItsLineAndEveryLineItsCommand() throws IOException {
        assertEquals(commands(), new TreeSet<>(lists().keySet()));
    }

    @Test
    public void everybodyMayLookAndViewersAndManagersNothingElse() throws IOException {
        lists().forEach((command, roles) -> {
            if (LOOKING.contains(command.split(":")[1]) && !command.startsWith(TOKENS)) {
                assertEquals(command, EVERYBODY, roles);
            } else {
                assertTrue(command + ": " + roles, roles.contains("admin"));
                assertFalse(command + ": " + roles, roles.contains("viewer") || roles.contains("manager"));
            }
        });
    }

    @Test
    public void whatAnOperatorMayChangeIsDocumented() throws IOException {
        Set<String> may = lists().entrySet().stream()
                .filter(line -> line.getValue().contains("operator"))
                .map(Map.Entry::getKey)
                .filter(command -> !LOOKING.contains(command.split(":")[1]))
                .collect(Collectors.toCollection(TreeSet::new));
        String operators = Files.readAllLines(ROOT.resolve("docs/operations.md")).stream()
                .dropWhile(line -> !line.equals(SECTION))
                .filter(line -> line.startsWith("| `operator`"))
                .findFirst()
                .orElseThrow();
        Set<String> documented = Arrays.stream(operators.split("`"))
                .filter(commands()::contains)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(may, documented);
    }

    /** Karaf keeps the name of the instance in the file with which the gateway starts. */
    @Test
    public void whatWritesTheSettingsOfTheStartIsForAdministrators() throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve("etc/" + PREFIX + "system.cfg"));
        assertTrue(lines.toString(), lines.containsAll(List.of("name = admin", "property = admin")));
    }

    @Test
    public void tokensAreForAdministrators() throws IOException {
        lists().forEach((command, roles) -> {
            if (command.startsWith(TOKENS)) {
                assertEquals(command, Set.of("admin"), roles);
            }
        });
    }

    /** It throws away what a disk of memory has held. */
    @Test
    public void toBeginEmptyIsForAdministrators() throws IOException {
        List<String> lines = Files.readAllLines(list("backstore"));
        assertTrue(lines.toString(), lines.contains("reopen[/(?s).*--empty.*/] = admin"));
    }

    /** It ends what another gateway does. */
    @Test
    public void toShutOutAGatewayIsForAdministrators() throws IOException {
        List<String> lines = Files.readAllLines(list("backstore"));
        assertTrue(lines.toString(), lines.contains("takeover[/(?s).*--force.*/] = admin"));
    }

    /** It has what hosts write and read. */
    @Test
    public void toTraceDataIsForAdministrators() throws IOException {
        List<String> lines = Files.readAllLines(list("trace"));
        assertTrue(lines.toString(), lines.contains("start[/(?s).*--data.*/] = admin"));
    }

    @Test
    public void aKarafOfOnesOwnGetsEveryList() throws IOException {
        String features = Files.readString(ROOT.resolve("features/src/main/feature/feature.xml"));
        commands().stream().map(name -> name.split(":")[0]).forEach(scope -> {
            String line = "<config name=\"" + PREFIX + scope + "\">${acl." + scope + "}</config>";
            assertTrue(line, features.contains(line));
        });
    }

    private static Set<String> commands() {
        return Commands.consoleCommands(null, () -> null)
                .map(command -> command.getScope() + ":" + command.getName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the roles that each line of our scopes names; one with a condition on the arguments adds none. */
    private static Map<String, Set<String>> lists() throws IOException {
        Map<String, Set<String>> roles = new TreeMap<>();
        Set<String> scopes = commands().stream().map(name -> name.split(":")[0]).collect(Collectors.toSet());
        for (String scope : scopes) {
            try (Stream<String> lines = Files.lines(list(scope))) {
                lines.filter(line -> !line.startsWith("#") && !line.contains("["))
                        .forEach(line -> {
                            String[] words = line.split(" = ");
                            Set<String> named = new HashSet<>(List.of(words[1].split(", ")));
                            assertEquals("twice: " + line, null, roles.put(scope + ":" + words[0], named));
                        });
            }
        }
        return roles;
    }

    private static Path list(String scope) {
        return ROOT.resolve("etc").resolve(PREFIX + scope + ".cfg");
    }
}
