package io.sluice.shell.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command whose end waits until the client has taken all of it. Karaf closes the connection as soon as the exit status has
 * been sent; if the client says something at that moment, its kernel throws away what it has not read yet: the end of the
 * output, and the exit status.
 */
public final class PatientCommand implements Command {

    private static final Logger LOG = LoggerFactory.getLogger(PatientCommand.class);

    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Command command;
    private volatile ChannelSession channel;
    private volatile OutputStream errors = OutputStream.nullOutputStream();

    /** @param command what is to be run; it ends in a thread of its own */
    public PatientCommand(Command command) {
        this.command = command;
    }

    @Override
    public void start(ChannelSession session, Environment environment) throws IOException {
        channel = session;
        command.start(session, environment);
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        command.setExitCallback((status, message, immediately) -> {
            flushErrors();
            callback.onExit(status, message, immediately);
            awaitClient();
        });
    }

    /** Karaf flushes its output at the end of a command, and not its errors. */
    private void flushErrors() {
        try {
            errors.flush();
        } catch (IOException gone) {
            LOG.debug("the client of a command is gone", gone);
        }
    }

    private void awaitClient() {
        try {
            if (!channel.close(false).await(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.info("a client has not taken the end of its command in {} s", LONGEST.toSeconds());
            }
        } catch (IOException gone) {
            LOG.debug("the client of a command is gone", gone);
        }
    }

    @Override
    public void destroy(ChannelSession session) throws Exception {
        command.destroy(session);
    }

    @Override
    public void setInputStream(InputStream in) {
        command.setInputStream(in);
    }

    @Override
    public void setOutputStream(OutputStream out) {
        command.setOutputStream(out);
    }

    @Override
    public void setErrorStream(OutputStream err) {
        errors = err;
        command.setErrorStream(err);
    }
}
