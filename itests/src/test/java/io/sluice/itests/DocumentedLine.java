package io.sluice.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A line in a document that a reader may type: a command of the console, or a call of the script.
 *
 * @param document its file name
 * @param row its line in the file
 * @param text what is typed at the console, or the words behind {@code bin/sluice}
 * @param kind where it is typed
 */
record DocumentedLine(String document, int row, String text, Kind kind) {

    enum Kind {
        /** Stands in a block, or has arguments: to be run. */
        COMMAND,
        /** The name of a command in a sentence, or a line that leaves something out: the command has to exist. */
        NAME,
        /** A call of {@code bin/sluice}. */
        SCRIPT
    }

    private static final Pattern COMMAND =
            Pattern.compile("(?:target|backstore|lun|portal|session|gateway|initiator|feature|support):[a-z]+.*");
    private static final Pattern SCRIPT = Pattern.compile("(?:\\S*bin/)?sluice ([a-z].*)");
    private static final Pattern CLIENT = Pattern.compile("(?:\\S*bin/)?sluice client \"([^\"]+:[^\"]+)\"");
    private static final Pattern INLINE = Pattern.compile("`([^`]+)`");
    private static final String FENCE = "```";

    /** Reads README.md and everything in docs, in the order of their names. */
    static List<DocumentedLine> all(Path project) throws IOException {
        List<DocumentedLine> lines = new ArrayList<>(of(project.resolve("README.md")));
        try (Stream<Path> documents = Files.list(project.resolve("docs"))) {
            documents
                    .filter(document -> document.toString().endsWith(".md"))
                    .sorted()
                    .forEach(document -> lines.addAll(of(document)));
        }
        return lines;
    }

    static List<DocumentedLine> of(Path document) {
        try {
            return of(document.getFileName().toString(), Files.readAllLines(document));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static List<DocumentedLine> of(String document, List<String> text) {
        List<DocumentedLine> lines = new ArrayList<>();
        boolean block = false;
        for (int row = 1; row <= text.size(); row++) {
            String line = text.get(row - 1);
            if (line.startsWith(FENCE)) {
                block = !block;
            } else if (block) {
                add(lines, document, row, line.strip(), true);
            } else {
                Matcher code = INLINE.matcher(line);
                while (code.find()) {
                    add(lines, document, row, code.group(1).strip(), false);
                }
            }
        }
        return lines;
    }

    private static void add(List<DocumentedLine> lines, String document, int row, String code, boolean block) {
        Matcher client = CLIENT.matcher(code);
        Matcher script = SCRIPT.matcher(code);
        if (COMMAND.matcher(code).matches()) {
            boolean whole = (block || code.contains(" ")) && !code.contains("…");
            lines.add(new DocumentedLine(
                    document, row, whole ? code : code.split(" ")[0], whole ? Kind.COMMAND : Kind.NAME));
        } else if (client.find()) {
            lines.add(new DocumentedLine(document, row, client.group(1), Kind.COMMAND));
        } else if (script.find()) {
            lines.add(new DocumentedLine(document, row, script.group(1), Kind.SCRIPT));
        }
    }

    /** Returns the line as it is typed when words in capitals stand for names. */
    String typed(String name) {
        return text.replaceAll("\\b[A-Z]{4,}\\b", name);
    }

    @Override
    public String toString() {
        return document + ":" + row + ": " + text;
    }
}
