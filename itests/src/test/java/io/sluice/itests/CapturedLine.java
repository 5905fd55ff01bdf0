package io.sluice.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of a session that a document shows in a block of the kind {@code console}.
 *
 * @param typed what stands behind the prompt
 * @param printed the lines that follow it
 */
record CapturedLine(String typed, String printed) {

    private static final String BEGIN = "```console";
    private static final String END = "```";
    private static final String PROMPT = "local@sluice> ";

    static List<CapturedLine> all(Path document) throws IOException {
        List<CapturedLine> lines = new ArrayList<>();
        boolean inside = false;
        for (String row : Files.readAllLines(document)) {
            if (!inside) {
                inside = row.equals(BEGIN);
            } else if (row.equals(END)) {
                inside = false;
            } else if (row.startsWith(PROMPT)) {
                lines.add(new CapturedLine(row.substring(PROMPT.length()), ""));
            } else if (!lines.isEmpty()) {
                CapturedLine last = lines.remove(lines.size() - 1);
                lines.add(new CapturedLine(last.typed(), last.printed() + row + "\n"));
            }
        }
        return lines;
    }
}
