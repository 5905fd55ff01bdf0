package io.sluice.shell;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows with named columns, or one thing with named properties; printed aligned or as JSON. */
final class Listing {

    private static final String GAP = "   ";

    private final List<String> columns;
    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final boolean single;
    private String empty = "";

    private Listing(List<String> columns, boolean single) {
        this.columns = columns;
        this.single = single;
    }

    /** A table of many things. */
    static Listing of(String... columns) {
        return new Listing(List.of(columns), false);
    }

    /** The properties of one thing. */
    static Listing properties() {
        Listing listing = new Listing(List.of(), true);
        listing.rows.add(new LinkedHashMap<>());
        return listing;
    }

    /** Sets what is printed when there are no rows. */
    Listing whenEmpty(String text) {
        empty = text;
        return this;
    }

    /** Adds a row: a value per column. */
    void row(Object... values) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            row.put(columns.get(i), values[i]);
        }
        rows.add(row);
    }

    /** Adds a property. */
    Listing property(String name, Object value) {
        rows.get(0).put(name, value);
        return this;
    }

    void printTable(PrintStream out) {
        if (single) {
            printProperties(out);
        } else if (rows.isEmpty()) {
            out.println(empty);
        } else {
            printRows(out);
        }
    }

    private void printProperties(PrintStream out) {
        int width = rows.get(0).keySet().stream().mapToInt(String::length).max().orElse(0);
        rows.get(0).forEach((name, value) -> {
            List<?> lines = value instanceof List<?> list ? list : List.of(value);
            String label = name;
            for (Object line : lines) {
                out.println(pad(label, width) + GAP + line);
                label = "";
            }
        });
    }

    private void printRows(PrintStream out) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            String column = columns.get(i);
            int widest = rows.stream()
                    .mapToInt(row -> text(row.get(column)).length())
                    .max()
                    .orElse(0);
            widths[i] = Math.max(column.length(), widest);
        }
        out.println(line(columns, widths));
        for (Map<String, Object> row : rows) {
            out.println(line(row.values().stream().map(Listing::text).toList(), widths));
        }
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            line.append(i == 0 ? "" : GAP).append(pad(cells.get(i), widths[i]));
        }
        return line.toString().stripTrailing();
    }

    private static String text(Object value) {
        return value instanceof List<?> list
                ? String.join(", ", list.stream().map(String::valueOf).toList())
                : String.valueOf(value);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    void printJson(PrintStream out) {
        out.println(Json.of(single ? rows.get(0) : rows));
    }
}
