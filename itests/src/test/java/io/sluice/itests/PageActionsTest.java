package io.sluice.itests;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.BeforeClass;
import org.junit.Test;

/** The table of actions says of each control of the page that changes something what it does, and of no control that is not there. */
public class PageActionsTest {

    private static final Path SOURCES = Path.of("../bundles/console/web/src");

    /** A row of the interface in the sources, or the words of a control; there a name of something is a piece of code. */
    private static final Pattern TOKEN = Pattern.compile("['\"`](?<row>(?:POST|PUT|PATCH|DELETE) /[^'\"`]*)['\"`]"
            + "|<Act\\s+button=(?:\"(?<button>[^\"]+)\"|\\{`(?<named>[^`]+)`})|<Form action=\"(?<form>[^\"]+)\"");

    /** What would have something changed past the one way for that. */
    private static final Pattern OTHER_WAY =
            Pattern.compile("\\b(?:fetch|call|XMLHttpRequest|sendBeacon|WebSocket)\\b *\\("
                    + "|\\bsend\\((?!'GET', )|<form\\b[^>]* (?:action|method)=|\\bchange(?:<[^>]*>)?\\((?!'|row, )");

    /**
     * Something that can be pressed.
     *
     * @param file where it is written
     * @param words what stands on it, with {@code .+} for names
     * @param rows what it has changed
     */
    private record Control(String file, String words, Set<String> rows) {

        boolean isThatOf(SameActions.Change change) {
            return change.page().button().matches(words) && rows.contains(change.action());
        }
    }

    private static final List<Control> CONTROLS = new ArrayList<>();
    private static final List<String> LOOSE = new ArrayList<>();

    @BeforeClass
    public static void read() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(one -> one.toString().matches(".*\\.tsx?"))
                    .sorted()
                    .toList()) {
                read(SOURCES.relativize(file).toString(), Files.readString(file));
            }
        }
        CONTROLS.removeIf(control -> control.rows().isEmpty());
    }

    private static void read(String file, String source) {
        Control last = null;
        Matcher token = TOKEN.matcher(source);
        while (token.find()) {
            if (token.group("row") == null) {
                last = new Control(file, words(token), new TreeSet<>());
                CONTROLS.add(last);
            } else if (last == null) {
                LOOSE.add(file + ": " + token.group("row") + " belongs to no control");
            } else {
                last.rows().add(token.group("row"));
            }
        }
        if (!file.equals("api.ts")) {
            Matcher way = OTHER_WAY.matcher(source);
            while (way.find()) {
                LOOSE.add(file + ": " + way.group() + " may change something, and no row says what");
            }
        }
    }

    private static String words(Matcher token) {
        if (token.group("named") != null) {
            return Stream.of(token.group("named").split("\\$\\{[^}]+}", -1))
                    .map(part -> part.isEmpty() ? "" : Pattern.quote(part))
                    .collect(Collectors.joining(".+"));
        }
        return Pattern.quote(token.group("button") == null ? token.group("form") : token.group("button"));
    }

    private static List<SameActions.Change> atThePage() {
        return SameActions.CHANGES.stream()
                .filter(change -> !change.page().isNone())
                .toList();
    }

    @Test
    public void whatThePageHasChangedIsARowThatThePageHas() {
        Set<String> written = new TreeSet<>();
        CONTROLS.forEach(control -> written.addAll(control.rows()));
        Set<String> named =
                atThePage().stream().map(SameActions.Change::action).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(written, named);
        assertEquals(List.of(), LOOSE);
    }

    @Test
    public void everyControlOfThePageIsDoneByARow() {
        assertEquals(
                List.of(),
                CONTROLS.stream()
                        .filter(control -> atThePage().stream().noneMatch(control::isThatOf))
                        .toList());
    }

    @Test
    public void everyRowThatThePageHasNamesAControlThatIsThere() {
        assertEquals(
                List.of(),
                atThePage().stream()
                        .filter(change -> CONTROLS.stream().noneMatch(control -> control.isThatOf(change)))
                        .map(change -> change.action() + " by " + change.page().button())
                        .toList());
    }
}
