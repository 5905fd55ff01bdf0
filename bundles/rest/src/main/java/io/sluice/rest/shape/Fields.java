package io.sluice.rest.shape;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A document that is of its shape: whoever asks for a field gets what the shape says. */
public final class Fields {

    /** A document without fields. */
    public static final Fields NONE = new Fields(Map.of());

    private final Map<?, ?> values;

    private Fields(Map<?, ?> values) {
        this.values = values;
    }

    /**
     * Returns the fields of a document.
     *
     * @throws RefusedException if it is not of the shape
     */
    public static Fields of(Map<?, ?> document, Shape shape) {
        shape.check(document);
        return new Fields(document);
    }

    /** Returns whether there is a value; null is none. */
    public boolean has(String name) {
        return values.get(name) != null;
    }

    /** Returns a text that is required. */
    public String text(String name) {
        return text(name, null);
    }

    /** Returns a text; {@code usual} where there is none. */
    public String text(String name, String usual) {
        return has(name) ? (String) values.get(name) : usual;
    }

    /** Returns a number that is required. */
    public long number(String name) {
        return number(name, 0);
    }

    /** Returns a number; {@code usual} where there is none. */
    public long number(String name, long usual) {
        return has(name) ? ((Number) values.get(name)).longValue() : usual;
    }

    /**
     * Returns a number of 32 bits; {@code usual} where there is none.
     *
     * @throws RefusedException if it is larger
     */
    public int integer(String name, int usual) {
        return narrow(name, number(name, usual));
    }

    private static int narrow(String name, long number) {
        if (number != (int) number) {
            throw new RefusedException(400, "field '" + name + "' is too large");
        }
        return (int) number;
    }

    /** Returns true or false; {@code usual} where there is nothing. */
    public boolean flag(String name, boolean usual) {
        return has(name) ? (Boolean) values.get(name) : usual;
    }

    /** Returns texts; none where there is nothing. */
    public List<String> texts(String name) {
        return list(name).stream().map(String.class::cast).toList();
    }

    /** Returns numbers of 32 bits; none where there is nothing. */
    public List<Integer> integers(String name) {
        return list(name).stream()
                .map(number -> narrow(name, ((Number) number).longValue()))
                .toList();
    }

    /** Returns texts by name; none where there is nothing. */
    public Map<String, String> options(String name) {
        Map<String, String> options = new TreeMap<>();
        if (has(name)) {
            ((Map<?, ?>) values.get(name)).forEach((key, value) -> options.put((String) key, (String) value));
        }
        return Collections.unmodifiableMap(options);
    }

    /** Returns an object; one without fields where there is nothing. */
    public Fields object(String name) {
        return has(name) ? new Fields((Map<?, ?>) values.get(name)) : NONE;
    }

    /** Returns objects; none where there is nothing. */
    public List<Fields> objects(String name) {
        return list(name).stream().map(object -> new Fields((Map<?, ?>) object)).toList();
    }

    private List<?> list(String name) {
        return has(name) ? (List<?>) values.get(name) : List.of();
    }
}
