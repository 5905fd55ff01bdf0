package io.sluice.manager.document;

import com.fasterxml.jackson.databind.JsonNode;

/** Nothing in a document is null: whoever wants a default leaves the field out. */
final class Nulls {

    private Nulls() {}

    /** @throws IllegalArgumentException with the place of the first one */
    static void refuse(JsonNode document) {
        refuse(document, "");
    }

    private static void refuse(JsonNode node, String place) {
        if (node.isNull()) {
            throw new IllegalArgumentException(place + ": it is null: give it a value, or leave it out");
        }
        node.properties()
                .forEach(field ->
                        refuse(field.getValue(), place.isEmpty() ? field.getKey() : place + "." + field.getKey()));
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                refuse(node.get(i), place + "[" + i + "]");
            }
        }
    }
}
