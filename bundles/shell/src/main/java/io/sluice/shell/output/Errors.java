package io.sluice.shell.output;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Field;
import org.apache.felix.service.command.CommandSession;
import org.apache.karaf.shell.api.console.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines about failures where there is no terminal. They belong to the errors, so that a script can tell them from what it asked
 * for. Over SSH they only arrive if the stream of the session is flushed before the session ends: the console does that for
 * its output, never for its errors, and gives nobody the stream. So it is reached by its field.
 */
public final class Errors {

    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);
    private static final String COMMAND_SESSION = ".commandSession";
    private static final String STREAM = "perr";

    private Errors() {}

    /**
     * Prints a line.
     *
     * @return whether it arrives; otherwise the caller has to see to that
     */
    public static boolean print(Session session, String line) {
        if (!(session.get(COMMAND_SESSION) instanceof CommandSession commands)) {
            return false;
        }
        try {
            Field stream = commands.getClass().getDeclaredField(STREAM);
            stream.setAccessible(true);
            System.err.println(line);
            ((OutputStream) stream.get(commands)).flush();
            return true;
        } catch (ReflectiveOperationException | RuntimeException | IOException unreachable) {
            LOG.warn("a failure is printed with the output, because the stream of errors is out of reach", unreachable);
            return false;
        }
    }
}
