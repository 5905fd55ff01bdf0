package io.sluice.rest.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a document has to be: these fields and no others.
 *
 * @param name its name among the schemas of the OpenAPI document
 * @param fields its fields
 */
public record Shape(String name, List<Field> fields) {

    private static final int STATUS_BAD_REQUEST = 400;
    private static final int LONGEST_NAME = 64;

    public Shape {
        fields = List.copyOf(fields);
    }

    /** Returns a shape of fields. */
    public static Shape of(String name, Field... fields) {
        return new Shape(name, List.of(fields));
    }

    /** Returns a shape that has other fields too. */
    public Shape and(String newName, Field... more) {
        List<Field> all = new ArrayList<>(fields);
        all.addAll(List.of(more));
        return new Shape(newName, all);
    }

    /**
     * Checks a document.
     *
     * @throws RefusedException naming the field, if it is not of this shape
     */
    public void check(Map<?, ?> document) {
        check(document, "");
    }

    private void check(Map<?, ?> document, String place) {
        for (Object key : document.keySet()) {
            if (fields.stream().noneMatch(field -> field.name().equals(key))) {
                throw refused(place + shortened(String.valueOf(key)), "is not known here");
            }
        }
        fields.forEach(field -> check(field, document, place));
    }

    private static void check(Field field, Map<?, ?> document, String place) {
        String where = place + field.name();
        Object value = document.get(field.name());
        if (!document.containsKey(field.name())) {
            if (field.required()) {
                throw refused(where, "is missing");
            }
        } else if (value == null) {
            if (!field.nullable()) {
                throw refused(where, "has to be " + field.kind().words() + ", not null");
            }
        } else if (!field.kind().takes(value)) {
            throw refused(where, "has to be " + field.kind().words());
        } else if (field.kind() == Field.Kind.OBJECT) {
            field.shape().check((Map<?, ?>) value, where + ".");
        } else if (field.kind() == Field.Kind.OBJECTS) {
            List<?> list = (List<?>) value;
            for (int i = 0; i < list.size(); i++) {
                field.shape().check((Map<?, ?>) list.get(i), where + "[" + i + "].");
            }
        }
    }

    private static RefusedException refused(String field, String complaint) {
        return new RefusedException(STATUS_BAD_REQUEST, "field '" + field + "' " + complaint);
    }

    private static String shortened(String name) {
        return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
    }
}
