package io.sluice.rest.json;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** What a document may have. */
public class JsonTest {

    private static byte[] zeros(int count) {
        return ("{\"a\":[0" + ",0".repeat(count - 1) + "]}").getBytes(StandardCharsets.US_ASCII);
    }

    private static String refusal(byte[] document) {
        return assertThrows(IOException.class, () -> Json.object(document)).getMessage();
    }

    @Test
    public void whatFitsIntoASmallDocumentIsRead() throws IOException {
        byte[] full = zeros((64 << 10) / 2 - 3);
        assertEquals((64 << 10) / 2 - 3, ((List<?>) Json.object(full).get("a")).size());
    }

    @Test
    public void moreValuesAreRefusedHoweverSmall() {
        String expected = "the document has too many values, or one that is too long or too deep";
        assertEquals(expected, refusal(zeros(40_000)));
        String objects = "{\"enabled\":[{\"\":0}" + ",{\"\":0}".repeat(2 << 20) + "]}";
        assertEquals(expected, refusal(objects.getBytes(StandardCharsets.US_ASCII)));
        assertEquals(expected, refusal("[".repeat(17).getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    public void aLongTextIsOneValue() throws IOException {
        String text = "x".repeat(16 << 20);
        assertEquals(text, Json.object(Json.bytes(Map.of("document", text))).get("document"));
    }
}
