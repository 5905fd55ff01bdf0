package io.sluice.shell.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cells in aligned columns. Where a terminal is too narrow, the widest columns are wrapped. */
public final class Table {

    private static final String GAP = "  ";
    private static final int NARROWEST = 8;
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    private final Console console;
    private final List<List<List<String>>> rows = new ArrayList<>();
    private List<String> header;

    /** Prints to a console. */
    public Table(Console console) {
        this.console = console;
    }

    /** Sets what stands above the columns. */
    public Table header(List<String> labels) {
        header = labels;
        return this;
    }

    /** Adds a row: the lines of each cell. */
    public void row(List<List<String>> cells) {
        rows.add(cells);
    }

    /** Prints what there is. */
    public void print() {
        int[] widths = widths();
        if (header != null) {
            String line = line(header, widths);
            console.out().println(console.atTerminal() ? BOLD + line + PLAIN : line);
        }
        for (List<List<String>> row : rows) {
            printRow(row, widths);
        }
    }

    private void printRow(List<List<String>> row, int[] widths) {
        List<List<String>> cells = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            int width = widths[i];
            cells.add(row.get(i).stream()
                    .flatMap(line -> wrap(line, width).stream())
                    .toList());
        }
        int height = cells.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < height; i++) {
            int line = i;
            console.out()
                    .println(line(
                            cells.stream()
                                    .map(cell -> line < cell.size() ? cell.get(line) : "")
                                    .toList(),
                            widths));
        }
    }

    private int[] widths() {
        int columns = header != null ? header.size() : rows.get(0).size();
        int[] widths = new int[columns];
        for (int i = 0; i < columns; i++) {
            int column = i;
            widths[i] = Math.max(
                    header == null ? 0 : length(header.get(i)),
                    rows.stream()
                            .flatMap(row -> row.get(column).stream())
                            .mapToInt(Table::length)
                            .max()
                            .orElse(0));
        }
        console.width().ifPresent(available -> narrow(widths, available - GAP.length() * (columns - 1)));
        return widths;
    }

    /** Takes from the widest column until all fit, as far as that can be read. */
    private static void narrow(int[] widths, int available) {
        while (Arrays.stream(widths).sum() > available) {
            int widest = 0;
            for (int i = 1; i < widths.length; i++) {
                widest = widths[i] > widths[widest] ? i : widest;
            }
            if (widths[widest] <= NARROWEST) {
                return;
            }
            widths[widest]--;
        }
    }

    /** Cuts at blanks, and inside a word that is too long by itself. */
    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (length(rest) > width) {
            int end = rest.offsetByCodePoints(0, width);
            int blank = rest.lastIndexOf(' ', end);
            int cut = blank > 0 ? blank : end;
            lines.add(rest.substring(0, cut));
            rest = rest.substring(cut).stripLeading();
        }
        lines.add(rest);
        return lines;
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            line.append(i == 0 ? "" : GAP).append(cell).append(" ".repeat(Math.max(0, widths[i] - length(cell))));
        }
        return line.toString().stripTrailing();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
