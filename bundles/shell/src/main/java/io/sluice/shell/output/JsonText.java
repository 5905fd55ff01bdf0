package io.sluice.shell.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A text of JSON that others are to read, without the values of some of its keys. */
public final class JsonText {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Predicate<String> hidden;
    private final String instead;
    private final UnaryOperator<String> cleaning;

    /**
     * Says what is hidden.
     *
     * @param hidden which keys have a value that nobody is to see
     * @param instead what stands in its place
     * @param cleaning what is done to every other text
     */
    public JsonText(Predicate<String> hidden, String instead, UnaryOperator<String> cleaning) {
        this.hidden = hidden;
        this.instead = instead;
        this.cleaning = cleaning;
    }

    /**
     * Returns a document in lines.
     *
     * @throws IllegalArgumentException if it is none
     */
    public String clean(String document) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(clean(JSON.readTree(document), false));
        } catch (JsonProcessingException damaged) {
            throw new IllegalArgumentException("it is no JSON", damaged);
        }
    }

    private JsonNode clean(JsonNode node, boolean hide) {
        if (node instanceof ObjectNode object) {
            List.copyOf(object.properties())
                    .forEach(field -> object.set(field.getKey(), clean(field.getValue(), hidden.test(field.getKey()))));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, clean(array.get(i), hide));
            }
        } else if (hide && !node.isNull() && !node.isBoolean()) {
            return TextNode.valueOf(instead);
        } else if (node.isTextual()) {
            return TextNode.valueOf(cleaning.apply(node.textValue()));
        }
        return node;
    }
}
