package io.sluice.shell.output;

import java.io.PrintStream;
import java.util.OptionalInt;
import org.apache.felix.service.command.Process;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.Terminal;

/**
 * Where a command prints.
 *
 * @param out the stream
 * @param width columns of the terminal that the stream ends at; empty if it ends anywhere else, such as in a pipe
 * @param colours whether that terminal has colours
 */
public record Console(PrintStream out, OptionalInt width, boolean colours) {

    private static final int OUT = 1;
    private static final int USUAL_WIDTH = 80;

    /** Returns where a command prints that runs in the calling thread. */
    public static Console of(Session session) {
        // In a pipe a command has a stream of its own, though its session has a terminal.
        Process process = Process.Utils.current();
        boolean atTerminal = session.getTerminal() != null && (process == null || process.isTty(OUT));
        return atTerminal
                ? new Console(
                        System.out,
                        OptionalInt.of(width(session.getTerminal())),
                        hasColours(session.getTerminal().getType()))
                : new Console(System.out, OptionalInt.empty());
    }

    /** Makes one without colours. */
    public Console(PrintStream out, OptionalInt width) {
        this(out, width, false);
    }

    private static boolean hasColours(String type) {
        return type != null && !type.startsWith("dumb") && !type.startsWith("vt");
    }

    private static int width(Terminal terminal) {
        int width = terminal.getWidth();
        return width > 0 ? width : USUAL_WIDTH;
    }

    /** Returns whether a person looks at the stream. */
    public boolean atTerminal() {
        return width.isPresent();
    }
}
