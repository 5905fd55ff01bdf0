package io.sluice.itests;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;

/** What commands print with {@code --json}. */
final class Json {

    private static final ObjectMapper READER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Numbers that were made into texts for people. */
    private static final String NUMBER_IN_WORDS = "-?[\\d.]+ ?([KMGT]i?B?|B|%|/s|d|h|min|s|ms)?|none|yes|no";

    /** Keys of texts that may look like a number. */
    private static final Set<String> IDENTIFIERS = Set.of("name", "isid", "naa", "serialNumber", "version");

    /** What is given as texts by others: settings of a backstore, keys of a login. */
    private static final Set<String> FREE_TEXTS = Set.of("options", "parameters");

    private Json() {}

    /** Reads what a command printed. */
    static JsonNode read(Terminal.Outcome outcome) {
        assertFalse(outcome.text(), outcome.failed());
        try {
            return READER.readTree(outcome.text());
        } catch (JsonProcessingException invalid) {
            throw new AssertionError(outcome.text(), invalid);
        }
    }

    /** Checks that keys are words without blanks, and that numbers and truth values are what they are. */
    static void check(String command, JsonNode node) {
        node.properties().forEach(field -> {
            String key = field.getKey();
            assertTrue(command + " key '" + key + "'", key.matches("[A-Za-z][A-Za-z0-9]*"));
            assertFalse(
                    command + " " + field,
                    field.getValue().isTextual()
                            && !IDENTIFIERS.contains(key)
                            && field.getValue().asText().matches(NUMBER_IN_WORDS));
            if (!FREE_TEXTS.contains(key)) {
                check(command, field.getValue());
            }
        });
        if (node.isArray()) {
            node.forEach(element -> check(command, element));
        }
    }
}
