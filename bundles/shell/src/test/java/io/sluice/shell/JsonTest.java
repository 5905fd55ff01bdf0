package io.sluice.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.management.BackstoreStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Test;

/** What {@code --json} prints is what docs/json.md says, key by key and type by type, in both directions. */
public class JsonTest {

    private static final Pattern HEADING = Pattern.compile("## `([a-z]+:[a-z]+)`");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| ([^|]+) \\|([^|]*)\\|.*");
    private static final String FILE = " " + Path.of("pom.xml").toAbsolutePath();
    private static final Map<String, String> ARGUMENTS = Map.ofEntries(
            Map.entry("backstore:info", " disk0"),
            Map.entry("gateway:apply", FILE),
            Map.entry("gateway:import", FILE + " --format gotgt"),
            Map.entry("gateway:plan", FILE),
            Map.entry("gateway:rollback", " 7"),
            Map.entry("initiator:info", " web1"),
            Map.entry("lun:list", " --sessions"),
            Map.entry("session:info", " 3"),
            Map.entry("target:info", " " + OneOfEverything.TARGET));

    /** Commands that print an array. */
    private static final String LISTS =
            ".*:(list|types|layers|moves|jobs|stats|apply|plan|rollback|history|show|doctor)";

    private final FakeGateway gateway = new FakeGateway();

    /** Returns the types of the keys of each command, as documented. */
    private static Map<String, Map<String, String>> documented() throws IOException {
        Map<String, Map<String, String>> commands = new TreeMap<>();
        Map<String, String> keys = null;
        for (String line : Files.readAllLines(Path.of("../../docs/json.md"))) {
            Matcher heading = HEADING.matcher(line);
            Matcher row = ROW.matcher(line);
            if (heading.matches()) {
                keys = new TreeMap<>();
                commands.put(heading.group(1), keys);
            } else if (row.matches()) {
                keys.put(row.group(1), row.group(2));
                assertUnitIsInTheName(row.group(1), row.group(3).strip());
            }
        }
        return commands;
    }

    private static void assertUnitIsInTheName(String key, String unit) {
        boolean named =
                switch (unit) {
                    case "" -> !key.matches(".*(Bytes|Seconds|Millis|Micros|Percent|PerSecond)");
                    case "bytes per second" -> key.endsWith("BytesPerSecond");
                    case "per second" -> key.endsWith("PerSecond");
                    case "milliseconds" -> key.endsWith("Millis");
                    case "microseconds" -> key.endsWith("Micros");
                    default -> key.toLowerCase().endsWith(unit);
                };
        assertTrue(key + " is in " + unit, named);
    }

    private JsonNode print(String command) throws Exception {
        return new ObjectMapper().readTree(gateway.run(command + " --json" + ARGUMENTS.getOrDefault(command, "")));
    }

    @Test
    public void everyCommandThatShowsSomethingIsDocumented() throws Exception {
        Map<String, Map<String, String>> documented = documented();
        for (ConsoleCommand command :
                Commands.consoleCommands(gateway.gateway(), gateway::tokens).toList()) {
            String name = command.getScope() + ":" + command.getName();
            assertEquals(name, gateway.run(name + " --help").contains("\n  --json "), documented.containsKey(name));
        }
    }

    @Test
    public void everyKeyIsDocumentedAndPrinted() throws Exception {
        gateway.problem = "there is no space left";
        gateway.state = BackstoreStatus.State.FULL;
        for (Map.Entry<String, Map<String, String>> command : documented().entrySet()) {
            Map<String, String> documented = command.getValue();
            Map<String, String> printed = new TreeMap<>();
            JsonNode json = print(command.getKey());
            assertEquals(command.getKey(), command.getKey().matches(LISTS), json.isArray());
            collect(json.isArray() ? json.get(0) : json, "", printed);
            assertEquals(command.getKey(), documented.keySet(), printed.keySet());
            printed.forEach((key, type) -> assertTrue(
                    command.getKey() + " " + key + " is " + type + ", and said to be " + documented.get(key),
                    fits(documented.get(key), type)));
        }
    }

    @Test
    public void whatIsAbsentIsNull() throws Exception {
        assertTrue(print("backstore:info").get("problem").isNull());
        assertTrue(print("gateway:status").get("longestWait").isNull());
        assertEquals("[]", print("gateway:status").get("problems").toString());
        assertEquals(
                "{\"InitialR2T\":\"No\"}",
                print("session:info").get("parameters").toString());
    }

    private static void collect(JsonNode object, String before, Map<String, String> types) {
        object.properties().forEach(field -> {
            String key = before + field.getKey();
            JsonNode value = field.getValue();
            if (value.isArray() && !value.isEmpty() && value.get(0).isObject()) {
                types.put(key, "list of objects");
                collect(value.get(0), key + "[].", types);
            } else {
                types.put(key, type(value));
            }
        });
    }

    private static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> "number";
            case BOOLEAN -> "true or false";
            case STRING -> value.asText().matches("\\d{4}-\\d\\d-\\d\\dT.*Z") ? "time stamp" : "text";
            case ARRAY -> !value.isEmpty() && value.get(0).isNumber() ? "list of numbers" : "list of texts";
            case OBJECT -> "object of texts";
            default -> "null";
        };
    }

    private static boolean fits(String documented, String printed) {
        return documented.equals(printed) || documented.equals(printed + " or null") || isNull(documented, printed);
    }

    private static boolean isNull(String documented, String printed) {
        return printed.equals("null") && documented.endsWith(" or null");
    }
}
