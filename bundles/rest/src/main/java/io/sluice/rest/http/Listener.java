package io.sluice.rest.http;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a server listen, and tries again and again as long as that cannot be. One that has to begin anew goes on until the next is made. Any thread may call. */
public final class Listener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private final Callable<RestServer> maker;
    private final String settings;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("sluice-rest-listener", true));

    private RestServer server;
    private boolean closed;
    private volatile String problem = "";

    /**
     * Tries for the first time, and waits for that.
     *
     * @param maker makes a server, which does not listen yet
     * @param settings the file where the operator finds what may be wrong
     * @param again how long is waited from one try to the next
     */
    public Listener(Callable<RestServer> maker, String settings, Duration again) {
        this.maker = maker;
        this.settings = settings;
        attempt();
        timer.scheduleWithFixedDelay(this::attempt, again.toNanos(), again.toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized void attempt() {
        if (closed || server != null && server.isListening()) {
            return;
        }
        RestServer started = null;
        try {
            // It may take a minute, in which the one before goes on.
            started = maker.call();
            stop();
            started.start();
            server = started;
            problem = "";
            LOG.info("REST is at {}", server.address());
        } catch (IOException refused) {
            failed(started, refused.getMessage(), refused);
        } catch (Exception | Error bug) {
            failed(started, "a bug, the log has more", bug);
        }
    }

    /** The log has each reason once, however often it is tried. */
    private void failed(RestServer started, String reason, Throwable failure) {
        if (started != null) {
            started.close();
        }
        String line = (server == null ? "REST does not listen" : "REST cannot begin anew") + ", see " + settings + ": "
                + reason;
        if (!line.equals(problem)) {
            LOG.error("{}", line);
            LOG.debug("the server was not made", failure);
        }
        problem = line;
    }

    private void stop() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    /** Returns why it does not listen, or cannot begin anew, in one line; empty if all is well. */
    public String problem() {
        return problem;
    }

    /** Returns where it listens; null if it does not. */
    public synchronized InetSocketAddress address() {
        return server == null ? null : server.address();
    }

    /** Ends the server, and tries no more. */
    @Override
    public synchronized void close() {
        closed = true;
        timer.shutdown();
        stop();
    }
}
