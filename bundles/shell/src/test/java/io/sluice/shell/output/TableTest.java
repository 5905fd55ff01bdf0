package io.sluice.shell.output;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.junit.Test;

public class TableTest {

    private static String print(OptionalInt width) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), width);
        Listing listing = Listing.list("nothing");
        listing.add()
                .put("name", "Name", "a")
                .put("text", "Text", "one two three four five")
                .put("many", "Many", List.of("first one", "second one"));
        listing.print(console);
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    public void elsewhereThanAtATerminalAThingIsALine() {
        assertEquals(
                """
                Name  Text                     Many
                a     one two three four five  first one, second one
                """,
                print(OptionalInt.empty()));
    }

    @Test
    public void aTerminalShowsWhatIsTooWideBelow() {
        assertEquals(
                """
                \u001b[1mName  Text           Many\u001b[0m
                a     one two three  first one
                      four five      second one
                """,
                print(OptionalInt.of(31)));
    }

    @Test
    public void aLongWordIsCut() {
        String narrow = print(OptionalInt.of(12));
        assertTrue(narrow, narrow.contains("a     one two   first"));
        for (String line : narrow.split("\n")) {
            assertTrue(line, line.length() <= "\u001b[1m\u001b[0m".length() + 4 + 2 + 8 + 2 + 8);
        }
    }
}
