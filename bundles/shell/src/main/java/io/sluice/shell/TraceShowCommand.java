package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.management.TraceLine;
import io.sluice.management.TraceLines;
import io.sluice.shell.output.Listing;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code trace:show}. */
@Command(
        name = "trace:show",
        description = "Shows what came, how it ended, and where its time went",
        footer = "trace:show --last 20")
final class TraceShowCommand extends GatewayCommand {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
    private static final String INDENT = "    ";
    private static final int PART = 1000;
    private static final int MOST_OF_JSON = 10_000;
    private static final long PAUSE_MILLIS = 200;

    @Option(names = "--follow", description = "Goes on with what comes, until the trace ends or Ctrl-C is pressed")
    private boolean follow;

    @Option(names = "--last", paramLabel = "LINES", description = "How many of the last lines; 100 if left out")
    private int last = 100;

    @Option(names = "--json", description = "Prints JSON: docs/json.md has the keys")
    private boolean json;

    @Override
    void run() throws ConfigException {
        if (follow && json) {
            throw new IllegalArgumentException("--follow prints no JSON: leave one of the two out");
        }
        if (last < 0) {
            throw new IllegalArgumentException("--last is 0 or more");
        }
        long from = Math.max(0, gateway().trace().status().lines() - last);
        if (json) {
            printJson(from);
            return;
        }
        TraceLines lines = print(from);
        while (follow && (lines.running() || !lines.lines().isEmpty()) && pause(lines)) {
            lines = print(lines.next());
        }
    }

    /** Returns whether to go on: who presses Ctrl-C interrupts. */
    private static boolean pause(TraceLines lines) {
        if (lines.lines().size() == PART) {
            return true;
        }
        try {
            Thread.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private TraceLines print(long from) {
        TraceLines lines = gateway().trace().lines(from, PART);
        if (lines.lost() > 0) {
            print("(" + lines.lost() + " lines had to go)");
        }
        lines.lines().forEach(line -> printWrapped(text(line)));
        return lines;
    }

    /** A terminal has as many rows for a line as it takes, cut between words; elsewhere a line is one. */
    private void printWrapped(String text) {
        int width = console().width().orElse(Integer.MAX_VALUE);
        String rest = text;
        while (rest.length() > width) {
            int cut = rest.lastIndexOf(' ', width);
            int end = cut <= INDENT.length() ? width : cut;
            print(rest.substring(0, end).stripTrailing());
            rest = INDENT + rest.substring(end).stripLeading();
        }
        print(rest);
    }

    private static String text(TraceLine line) {
        StringBuilder text = new StringBuilder(TIME.format(line.at()))
                .append("  session ")
                .append(line.session())
                .append("  ")
                .append(line.initiator().isEmpty() ? "?" : printable(line.initiator()));
        if (line.lun() >= 0) {
            text.append("  LUN ").append(line.lun());
        }
        text.append("  ").append(printable(line.what()));
        if (!line.result().isEmpty()) {
            text.append("  ").append(line.result());
            text.append("  ").append(Time.text(line.totalNanos()));
            text.append(" (wait ").append(Time.text(line.waitNanos()));
            text.append(", store ").append(Time.text(line.storeNanos()));
            text.append(", answer ").append(Time.text(line.answerNanos())).append(')');
        }
        return text.toString();
    }

    /** What a stranger has sent tells no terminal anything. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    }

    private void printJson(long from) {
        Listing listing = Listing.list("");
        for (TraceLine line : gateway().trace().lines(from, MOST_OF_JSON).lines()) {
            listing.add()
                    .json("number", line.number())
                    .json("at", line.at().toString())
                    .json("session", line.session())
                    .json("initiator", line.initiator())
                    .json("target", line.target().isEmpty() ? null : line.target())
                    .json("lun", line.lun() < 0 ? null : line.lun())
                    .json("what", line.what())
                    .json("result", line.result().isEmpty() ? null : line.result())
                    .json("waitMicros", line.waitNanos() / 1000)
                    .json("storeMicros", line.storeNanos() / 1000)
                    .json("answerMicros", line.answerNanos() / 1000);
        }
        listing.printJson(console());
    }
}
