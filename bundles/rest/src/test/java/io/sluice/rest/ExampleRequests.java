package io.sluice.rest;

import io.sluice.rest.action.Action;
import io.sluice.rest.shape.Field;
import io.sluice.rest.shape.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Requests that fit the rows of the table, with what {@link FakeGateway} has. */
public final class ExampleRequests {

    private static final Map<String, String> VALUES = Map.of(
            "name", "disk1",
            "revision", "7",
            "type", "throttle",
            "iqn", FakeGateway.TARGET,
            "lun", "5",
            "initiator", "web1",
            "portal", "192.0.2.1:3260",
            "group", "1",
            "id", "3");

    private ExampleRequests() {}

    /** Returns a path of a row. */
    public static String path(Action action) {
        StringBuilder path = new StringBuilder();
        for (String segment : action.segments()) {
            String name = Action.parameter(segment);
            path.append('/').append(name == null ? segment : value(action, name));
        }
        return path.toString();
    }

    private static String value(Action action, String name) {
        if (name.equals("name") && action.path().startsWith("/initiators/")) {
            return "web1";
        }
        return name.equals("name") && action.path().startsWith("/initiator-groups/") ? "cluster" : VALUES.get(name);
    }

    /** Returns documents of a row: one with what is required, and with each other field one; a single null if it takes none. */
    public static List<Map<String, Object>> bodies(Action action) {
        List<Map<String, Object>> bodies = new ArrayList<>();
        if (action.body() == null) {
            bodies.add(null);
            return bodies;
        }
        bodies.add(required(action.body()));
        for (Field field : action.body().fields()) {
            if (!field.required()) {
                Map<String, Object> body = required(action.body());
                body.put(field.name(), field.example());
                // These do not do alone.
                if (field.name().equals("chapSecret")) {
                    body.put("chapUser", "u");
                } else if (field.name().startsWith("mutual")) {
                    body.putAll(Map.of("chapUser", "u", "chapSecret", "thirteen bytes", "mutualUser", "m"));
                    body.put("mutualSecret", "fourteen bytes");
                } else if (field.name().equals("chapUser")) {
                    body.put("chapSecret", "thirteen bytes");
                } else if (field.name().equals("limitBurstMillis")) {
                    body.put("limitCommandsPerSecond", 1000L);
                }
                bodies.add(body);
            }
        }
        return bodies;
    }

    private static Map<String, Object> required(Shape shape) {
        Map<String, Object> body = new HashMap<>();
        shape.fields().stream().filter(Field::required).forEach(field -> body.put(field.name(), field.example()));
        return body;
    }
}
