package io.sluice.rest.action;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Puts an object of an answer together, in order. */
final class Entry {

    private final Map<String, Object> values = new LinkedHashMap<>();

    /** Adds a value; null is one. */
    Entry put(String key, Object value) {
        values.put(key, value);
        return this;
    }

    /** Adds a text; null in the place of an empty one. */
    Entry orNull(String key, String text) {
        return put(key, text.isEmpty() ? null : text);
    }

    /** Adds a number; null in the place of one that is not known. */
    Entry orNull(String key, OptionalLong number) {
        return put(key, number.isPresent() ? number.getAsLong() : null);
    }

    /** Adds all values of another one. */
    Entry all(Map<String, Object> others) {
        values.putAll(others);
        return this;
    }

    Map<String, Object> map() {
        return Collections.unmodifiableMap(values);
    }
}
