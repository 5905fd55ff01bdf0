package io.sluice.rest.shape;

import java.util.List;
import java.util.Map;

/**
 * A field of a document. Immutable: what begins with a verb makes a copy.
 *
 * @param name its key
 * @param kind what its value is
 * @param shape what the objects in it are; null if there are none
 * @param required whether a document without it is refused
 * @param nullable whether its value may be null
 * @param writeOnly whether it is a secret, which is taken and never answered
 * @param description one line for people; may be empty where docs/json.md has it
 * @param example a value that it could have; null if none is given
 */
public record Field(
        String name,
        Kind kind,
        Shape shape,
        boolean required,
        boolean nullable,
        boolean writeOnly,
        String description,
        Object example) {

    /** What a value is. */
    public enum Kind {
        TEXT("a text"),
        NUMBER("a whole number"),
        FLAG("true or false"),
        TEXTS("a list of texts"),
        NUMBERS("a list of whole numbers"),
        OPTIONS("an object of texts"),
        OBJECT("an object"),
        OBJECTS("a list of objects");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** Returns what it is, for people. */
        public String words() {
            return words;
        }

        boolean takes(Object value) {
            return switch (this) {
                case TEXT -> value instanceof String;
                case NUMBER -> value instanceof Long || value instanceof Integer;
                case FLAG -> value instanceof Boolean;
                case TEXTS -> value instanceof List<?> list && list.stream().allMatch(TEXT::takes);
                case NUMBERS -> value instanceof List<?> list && list.stream().allMatch(NUMBER::takes);
                case OPTIONS ->
                    value instanceof Map<?, ?> map && map.values().stream().allMatch(TEXT::takes);
                case OBJECT -> value instanceof Map;
                case OBJECTS -> value instanceof List<?> list && list.stream().allMatch(OBJECT::takes);
            };
        }
    }

    private static Field of(String name, Kind kind, Shape shape) {
        return new Field(name, kind, shape, true, false, false, "", null);
    }

    /** A text. */
    public static Field text(String name) {
        return of(name, Kind.TEXT, null);
    }

    /** A whole number of 64 bits. */
    public static Field number(String name) {
        return of(name, Kind.NUMBER, null);
    }

    /** True or false. */
    public static Field flag(String name) {
        return of(name, Kind.FLAG, null);
    }

    /** A list of texts. */
    public static Field texts(String name) {
        return of(name, Kind.TEXTS, null);
    }

    /** A list of whole numbers. */
    public static Field numbers(String name) {
        return of(name, Kind.NUMBERS, null);
    }

    /** Texts by names that are not known here. */
    public static Field options(String name) {
        return of(name, Kind.OPTIONS, null);
    }

    /** An object. */
    public static Field object(String name, Shape shape) {
        return of(name, Kind.OBJECT, shape);
    }

    /** A list of objects. */
    public static Field objects(String name, Shape shape) {
        return of(name, Kind.OBJECTS, shape);
    }

    /** Returns the same, which may be left out. */
    public Field optional() {
        return new Field(name, kind, shape, false, nullable, writeOnly, description, example);
    }

    /** Returns the same, which may be null. */
    public Field orNull() {
        return new Field(name, kind, shape, required, true, writeOnly, description, example);
    }

    /** Returns the same, which is never answered. */
    public Field secret() {
        return new Field(name, kind, shape, required, nullable, true, description, example);
    }

    /** Returns the same with words for people and a value that it could have. */
    public Field says(String words, Object value) {
        return new Field(name, kind, shape, required, nullable, writeOnly, words, value);
    }
}
