package io.sluice.shell;

import io.sluice.management.Difference;
import io.sluice.shell.output.Item;
import io.sluice.shell.output.Listing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** A command that shows what is changed, or would be: a line for each thing, in colours where there are such. */
abstract class DifferencesCommand extends GatewayCommand {

    private static final String PLAIN = "\u001b[39m";
    private static final String INDENT = "  ";

    private static final Map<Difference.Change, String> SIGNS =
            Map.of(Difference.Change.ADD, "+", Difference.Change.CHANGE, "~", Difference.Change.REMOVE, "-");

    private static final Map<Difference.Change, String> COLOURS = Map.of(
            Difference.Change.ADD, "\u001b[32m",
            Difference.Change.CHANGE, "\u001b[33m",
            Difference.Change.REMOVE, "\u001b[31m");

    @Option(names = "--json", description = "Prints JSON: docs/json.md has the keys")
    private boolean json;

    /** Prints what is changed, or that nothing is. */
    final void show(List<Difference> differences, String nothing) {
        if (json) {
            Listing listing = Listing.list("");
            differences.forEach(one -> put(listing.add(), one));
            listing.printJson(console());
        } else if (differences.isEmpty()) {
            print(nothing);
        } else {
            differences.forEach(one -> print(line(one)));
            print(sum(differences));
        }
    }

    private static Item put(Item item, Difference one) {
        values(one).forEach((key, value) -> item.json(key, value));
        return item;
    }

    /** Returns what programs see of a difference. */
    static Map<String, Object> values(Difference one) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("change", one.change().label());
        values.put("kind", one.kind());
        values.put("name", one.name());
        values.put("fields", fields(one));
        values.put("sessionsEnded", one.sessions());
        values.put("text", one.line());
        return values;
    }

    /** Returns whether JSON is asked for. */
    final boolean json() {
        return json;
    }

    private static List<Map<String, String>> fields(Difference one) {
        return one.fields().stream()
                .map(field -> Map.of("name", field.name(), "before", field.before(), "after", field.after()))
                .toList();
    }

    private String line(Difference one) {
        StringBuilder line =
                new StringBuilder(SIGNS.get(one.change())).append(' ').append(one.line());
        if (one.change() == Difference.Change.CHANGE && !one.fields().isEmpty()) {
            line.append(one.fields().stream()
                    .map(field -> field.name() + " " + shown(field.before()) + " -> " + shown(field.after()))
                    .collect(Collectors.joining(", ", " (", ")")));
        }
        if (!one.sessions().isEmpty()) {
            line.append("; sessions end: ")
                    .append(one.sessions().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
        String text = wrapped(line.toString().replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?"));
        return console().colours() ? COLOURS.get(one.change()) + text + PLAIN : text;
    }

    /** At a terminal a line goes on below its words, and not below its sign. */
    private String wrapped(String text) {
        int width = console().width().orElse(Integer.MAX_VALUE);
        StringBuilder lines = new StringBuilder();
        String rest = text;
        while (rest.length() > width) {
            int blank = rest.lastIndexOf(' ', width);
            int cut = blank > INDENT.length() ? blank : width;
            lines.append(rest, 0, cut).append('\n');
            rest = INDENT + rest.substring(cut).stripLeading();
        }
        return lines.append(rest).toString();
    }

    private static String shown(String value) {
        return value.isEmpty() ? "nothing" : value;
    }

    private static String sum(List<Difference> differences) {
        List<String> parts = new ArrayList<>();
        for (Difference.Change change : Difference.Change.values()) {
            long count =
                    differences.stream().filter(one -> one.change() == change).count();
            parts.add(count + " to " + change.label());
        }
        long sessions =
                differences.stream().mapToLong(one -> one.sessions().size()).sum();
        return String.join(", ", parts) + "; sessions that end: " + sessions;
    }
}
