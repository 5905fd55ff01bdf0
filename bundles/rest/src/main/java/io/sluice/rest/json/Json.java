package io.sluice.rest.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Map;

/** JSON as maps, lists, texts, numbers and truth values. Any thread may call. */
public final class Json {

    /** No document of ours comes near it. */
    private static final int MOST_LEVELS = 16;

    private static final int LONGEST_NUMBER = 32;

    /** More than there are in 64 KiB; what is larger than that is large by a long text. */
    private static final int MOST_TOKENS = 40_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_LEVELS)
                            .maxNumberLength(LONGEST_NUMBER)
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * Reads an object.
     *
     * @throws IOException if the bytes are no object in JSON, with a line for the user, which has nothing of the document in it
     */
    public static Map<?, ?> object(byte[] bytes) throws IOException {
        try {
            if (MAPPER.readValue(bytes, Object.class) instanceof Map<?, ?> map) {
                return map;
            }
        } catch (StreamConstraintsException tooMuch) {
            throw new IOException("the document has too many values, or one that is too long or too deep");
        } catch (JsonProcessingException wrong) {
            // Its words may quote the document, in which there may be a secret.
            String where = wrong.getLocation() == null
                    ? ""
                    : " (line " + wrong.getLocation().getLineNr() + ", column "
                            + wrong.getLocation().getColumnNr() + ")";
            throw new IOException("the document is not JSON, or has a key twice" + where);
        }
        throw new IOException("the document is not a JSON object");
    }

    /** Writes a value in UTF-8. */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("a value cannot be written as JSON", bug);
        }
    }
}
