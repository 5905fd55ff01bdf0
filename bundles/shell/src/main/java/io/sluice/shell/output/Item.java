package io.sluice.shell.output;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One thing that is shown: values with a key for programs and a label for people. */
public final class Item {

    /** What people read where a value is absent. */
    private static final String ABSENT = "-";

    private record Value(String key, Object value, String label, Object text) {}

    private final List<Value> values = new ArrayList<>();

    /** Adds a value that people and programs see alike; null is absent. */
    public Item put(String key, String label, Object value) {
        return put(key, label, value, value);
    }

    /**
     * Adds a value.
     *
     * @param value a number, a truth value, a text, a list or a map of such; null is absent
     * @param text what people read instead; a list has a line for each
     */
    public Item put(String key, String label, Object value, Object text) {
        values.add(new Value(key, value, label, text));
        return this;
    }

    /** Adds a value for programs only. */
    public Item json(String key, Object value) {
        return put(key, null, value, null);
    }

    /** Adds a value for people only. */
    public Item text(String label, Object text) {
        return put(null, label, null, text);
    }

    List<String> labels() {
        return values.stream()
                .filter(value -> value.label() != null)
                .map(Value::label)
                .toList();
    }

    /** Returns what people read, in the order of the labels: the lines of each. */
    List<List<String>> texts() {
        return values.stream()
                .filter(value -> value.label() != null)
                .map(value -> lines(value.text()))
                .toList();
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        values.stream().filter(value -> value.key() != null).forEach(value -> json.put(value.key(), value.value()));
        return json;
    }

    private static List<String> lines(Object text) {
        if (text instanceof List<?> list) {
            return list.isEmpty()
                    ? List.of(ABSENT)
                    : list.stream().map(String::valueOf).toList();
        }
        String line = text == null ? "" : String.valueOf(text);
        return List.of(line.isEmpty() ? ABSENT : line);
    }
}
