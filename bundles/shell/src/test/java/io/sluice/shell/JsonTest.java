package io.sluice.shell;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.Test;

public class JsonTest {

    @Test
    public void everyKindOfValue() {
        assertEquals("{\"a\":[1,true,\"x\"]}", Json.of(Map.of("a", List.of(1, true, "x"))));
        assertEquals("[]", Json.of(List.of()));
        assertEquals("{}", Json.of(Map.of()));
    }

    @Test
    public void textIsEscaped() {
        assertEquals("\"\\\"\\\\\\u000a\\u001bä\"", Json.of("\"\\\n\u001bä"));
    }
}
