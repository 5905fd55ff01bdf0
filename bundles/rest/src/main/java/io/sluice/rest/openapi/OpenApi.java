package io.sluice.rest.openapi;

import io.sluice.management.Role;
import io.sluice.rest.action.Action;
import io.sluice.rest.action.Actions;
import io.sluice.rest.action.Tags;
import io.sluice.rest.shape.Field;
import io.sluice.rest.shape.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The table of actions as an OpenAPI document. */
public final class OpenApi {

    /** Its name below the root of the interface. */
    public static final String NAME = "openapi.json";

    /** Name of the stream of events. */
    public static final String EVENTS = "events";

    private static final String SCHEMAS = "#/components/schemas/";
    private static final String PROBLEM = "Problem";
    private static final String GOES_ON = "202";

    private final Map<String, Object> schemas = new TreeMap<>();

    private OpenApi() {}

    /** Returns the document of rows. */
    public static Map<String, Object> document(List<Action> actions) {
        return new OpenApi().of(actions);
    }

    private Map<String, Object> of(List<Action> actions) {
        Map<String, Map<String, Object>> paths = new TreeMap<>();
        for (Action action : actions) {
            paths.computeIfAbsent(action.path(), path -> new LinkedHashMap<>())
                    .put(action.method().toLowerCase(Locale.ROOT), operation(action));
        }
        paths.put("/" + EVENTS, Map.of("get", events()));
        schemas.put(PROBLEM, problem());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.0.3");
        document.put(
                "info",
                Map.of(
                        "title", "Sluice",
                        "version", "1",
                        "description", "What docs/json.md has of a command is what the same thing answers here."));
        document.put("servers", List.of(Map.of("url", Actions.ROOT)));
        document.put("security", List.of(Map.of("token", List.of())));
        document.put("paths", paths);
        document.put(
                "components",
                Map.of(
                        "schemas",
                        schemas,
                        "securitySchemes",
                        Map.of("token", Map.of("type", "http", "scheme", "bearer"))));
        return document;
    }

    private Map<String, Object> operation(Action action) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", id(action));
        operation.put("summary", action.summary());
        operation.put(
                "description",
                "Needs the role " + action.role().label()
                        + (action.command().isEmpty() ? "." : ". At the console: " + action.command() + "."));
        operation.put("parameters", parameters(action));
        if (action.body() != null) {
            operation.put("requestBody", Map.of("required", true, "content", json(reference(action.body()))));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("description", action.summary());
        if (action.answer() != null) {
            Map<String, Object> one = reference(action.answer());
            answer.put("content", json(action.many() ? Map.of("type", "array", "items", one) : one));
        }
        if (Tags.shows(action)) {
            answer.put(
                    "headers",
                    Map.of("ETag", Map.of("description", "Tag of its configuration", "schema", type("string"))));
        }
        Map<String, Object> responses = responses(Integer.toString(action.status()), answer);
        if (!action.method().equals("GET")) {
            responses.put(GOES_ON, goesOn(action));
        }
        operation.put("responses", responses);
        return operation;
    }

    /** Any change may take longer than its caller waits; a move is answered so when it has begun, too. */
    private Map<String, Object> goesOn(Action action) {
        Map<String, Object> job = reference(Actions.JOB);
        boolean begins = GOES_ON.equals(Integer.toString(action.status()));
        Map<String, Object> schema = begins ? Map.of("oneOf", List.of(reference(action.answer()), job)) : job;
        return Map.of(
                "description",
                "It goes on: Location has where to look",
                "headers",
                Map.of("Location", Map.of("description", "What goes on", "schema", type("string"))),
                "content",
                json(schema));
    }

    private static Map<String, Object> responses(String status, Map<String, Object> answer) {
        Map<String, Object> refused = Map.of(
                "description",
                "Refused",
                "content",
                Map.of("application/problem+json", Map.of("schema", Map.of("$ref", SCHEMAS + PROBLEM))));
        Map<String, Object> responses = new LinkedHashMap<>();
        responses.put(status, answer);
        responses.put("default", refused);
        return responses;
    }

    private static Map<String, Object> events() {
        String summary = "Tells what is made, changed and removed, as server-sent events, without end";
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("description", summary);
        answer.put("content", Map.of("text/event-stream", Map.of("schema", type("string"))));
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", "get-" + EVENTS);
        operation.put("summary", summary);
        operation.put("description", "Needs the role " + Role.VIEWER.label() + ".");
        operation.put("responses", responses("200", answer));
        return operation;
    }

    private static String id(Action action) {
        return action.method().toLowerCase(Locale.ROOT)
                + action.path().replaceAll("[{}]", "").replace('/', '-');
    }

    private static List<Map<String, Object>> parameters(Action action) {
        List<Map<String, Object>> parameters = new ArrayList<>();
        for (String segment : action.segments()) {
            String name = Action.parameter(segment);
            if (name != null) {
                parameters.add(
                        Map.of("name", name, "in", "path", "required", true, "schema", Map.of("type", "string")));
            }
        }
        if (Tags.has(action) && !action.method().equals("GET")) {
            parameters.add(header("If-Match", "Makes the change only if this is the ETag of what is to be changed"));
        } else if (Tags.shows(action)) {
            parameters.add(header("If-None-Match", "Answers 304 if this is the ETag of what is asked for"));
        }
        if (!action.method().equals("GET")) {
            parameters.add(header("Prefer", "How long to wait before it is answered as a job, as wait=30, in seconds"));
        }
        for (Field flag : action.query().fields()) {
            parameters.add(Map.of(
                    "name", flag.name(),
                    "in", "query",
                    "description", flag.description(),
                    "schema", Map.of("type", "boolean")));
        }
        return parameters;
    }

    private static Map<String, Object> header(String name, String description) {
        return Map.of("name", name, "in", "header", "description", description, "schema", type("string"));
    }

    private static Map<String, Object> json(Map<String, Object> schema) {
        return Map.of("application/json", Map.of("schema", schema));
    }

    private Map<String, Object> reference(Shape shape) {
        if (!schemas.containsKey(shape.name())) {
            Map<String, Object> properties = new LinkedHashMap<>();
            schemas.put(shape.name(), properties);
            shape.fields().forEach(field -> properties.put(field.name(), property(field)));
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "object");
            schema.put("additionalProperties", false);
            List<String> required = shape.fields().stream()
                    .filter(Field::required)
                    .map(Field::name)
                    .toList();
            if (!required.isEmpty()) {
                schema.put("required", required);
            }
            schema.put("properties", properties);
            schemas.put(shape.name(), schema);
        }
        return Map.of("$ref", SCHEMAS + shape.name());
    }

    private Map<String, Object> property(Field field) {
        Map<String, Object> property = new LinkedHashMap<>(
                switch (field.kind()) {
                    case TEXT -> type("string");
                    case NUMBER -> Map.of("type", "integer", "format", "int64");
                    case FLAG -> type("boolean");
                    case TEXTS -> Map.of("type", "array", "items", type("string"));
                    case NUMBERS -> Map.of("type", "array", "items", Map.of("type", "integer", "format", "int64"));
                    case OPTIONS -> Map.of("type", "object", "additionalProperties", type("string"));
                    case OBJECT -> Map.of("allOf", List.of(reference(field.shape())));
                    case OBJECTS -> Map.of("type", "array", "items", reference(field.shape()));
                });
        if (field.nullable()) {
            property.put("nullable", true);
        }
        if (field.writeOnly()) {
            property.put("writeOnly", true);
        }
        if (!field.description().isEmpty()) {
            property.put("description", field.description());
        }
        if (field.example() != null && !field.writeOnly()) {
            property.put("example", field.example());
        }
        return property;
    }

    private static Map<String, Object> type(String name) {
        return Map.of("type", name);
    }

    private static Map<String, Object> problem() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("type", type("string"));
        properties.put("title", type("string"));
        properties.put("status", type("integer"));
        properties.put("detail", type("string"));
        return Map.of("type", "object", "required", List.copyOf(properties.keySet()), "properties", properties);
    }
}
