package io.sluice.rest.openapi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import io.sluice.rest.action.Action;
import io.sluice.rest.action.Actions;
import io.sluice.rest.action.Tags;
import io.sluice.rest.json.Json;
import io.sluice.rest.shape.Shape;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Test;

/** The OpenAPI document says what the table says. */
public class OpenApiTest {

    private final Map<String, Object> document = OpenApi.document(Actions.ALL);

    private static Map<?, ?> map(Object value) {
        return (Map<?, ?>) value;
    }

    @Test
    public void everyRowIsAnOperationAndEveryOperationARow() {
        Set<String> operations = new HashSet<>();
        map(document.get("paths")).forEach((path, item) -> map(item)
                .keySet()
                .forEach(method -> operations.add(method.toString().toUpperCase(Locale.ROOT) + " " + path)));
        Set<String> rows = new HashSet<>();
        rows.add("GET /events");
        Actions.ALL.forEach(action -> rows.add(action.method() + " " + action.path()));
        assertEquals(rows, operations);
    }

    @Test
    public void operationsHaveTheParametersAndDocumentsOfTheirRows() {
        Set<Object> ids = new HashSet<>();
        for (Action action : Actions.ALL) {
            Map<?, ?> operation = map(map(map(document.get("paths")).get(action.path()))
                    .get(action.method().toLowerCase(Locale.ROOT)));
            assertTrue(action.path(), ids.add(operation.get("operationId")));
            assertEquals(action.path(), action.body() != null, operation.containsKey("requestBody"));
            assertNotNull(map(operation.get("responses")).get(Integer.toString(action.status())));
            assertTrue(operation
                    .get("description")
                    .toString()
                    .contains(action.role().label()));
            Set<String> parameters = new HashSet<>();
            ((Iterable<?>) operation.get("parameters"))
                    .forEach(parameter -> parameters.add(
                            map(parameter).get("in") + " " + map(parameter).get("name")));
            Set<String> expected = new HashSet<>();
            Matcher names = Pattern.compile("\\{([^}]*)\\}").matcher(action.path());
            while (names.find()) {
                expected.add("path " + names.group(1));
            }
            action.query().fields().forEach(field -> expected.add("query " + field.name()));
            if (Tags.shows(action)) {
                expected.add("header If-None-Match");
            } else if (Tags.has(action) && !action.method().equals("GET")) {
                expected.add("header If-Match");
            }
            boolean changes = !action.method().equals("GET");
            if (changes) {
                expected.add("header Prefer");
            }
            assertEquals(action.path(), expected, parameters);
            assertEquals(action.path(), changes, map(operation.get("responses")).containsKey("202"));
        }
    }

    @Test
    public void everySchemaThatIsNamedIsThere() throws Exception {
        String text = new String(Json.bytes(document), StandardCharsets.UTF_8);
        Map<?, ?> schemas = map(map(document.get("components")).get("schemas"));
        Matcher references = Pattern.compile("#/components/schemas/([A-Za-z]+)").matcher(text);
        int found = 0;
        while (references.find()) {
            found++;
            assertNotNull(
                    references.group(1), map(schemas.get(references.group(1))).get("properties"));
        }
        assertTrue(found > Actions.ALL.size());
    }

    /** Two shapes of one name would be one schema. */
    @Test
    public void shapesOfOneNameAreOne() {
        Map<String, Object> seen = new HashMap<>();
        for (Action action : Actions.ALL) {
            for (Shape shape : new Shape[] {action.body(), action.answer()}) {
                if (shape != null) {
                    Object before = seen.putIfAbsent(shape.name(), shape);
                    assertTrue(shape.name(), before == null || before.equals(shape));
                }
            }
        }
    }

    @Test
    public void secretsAreWriteOnly() {
        Map<?, ?> schemas = map(map(document.get("components")).get("schemas"));
        Map<?, ?> properties = map(map(schemas.get("NewInitiator")).get("properties"));
        assertEquals(true, map(properties.get("chapSecret")).get("writeOnly"));
        assertEquals(null, map(properties.get("chapUser")).get("writeOnly"));
    }
}
