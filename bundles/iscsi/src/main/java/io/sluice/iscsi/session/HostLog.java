package io.sluice.iscsi.session;

import io.sluice.iscsi.login.Origin;
import io.sluice.volume.log.SeldomLog;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lets a line be written of each of what initiators can cause at will, but few of a host that causes much, so that the others still
 * show; and not too many of all hosts together. A host is an {@link Origin}. Thread-safe.
 */
public final class HostLog {

    private static final int HOSTS = 256;
    private static final int LINES_OF_A_HOST = 5;
    private static final int LINES_OF_ALL = 100;

    private final int linesOfHost;
    private final SeldomLog all;

    /** The one that was told of last is the last. */
    private final Map<String, SeldomLog> hosts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SeldomLog> eldest) {
            return size() > HOSTS;
        }
    };

    /** Writes as much as suits for what goes wrong. */
    public HostLog() {
        this(LINES_OF_A_HOST, LINES_OF_ALL);
    }

    /**
     * @param linesOfHost so many lines of a host are written before it falls silent for a while
     * @param linesOfAll and so many of all
     */
    public HostLog(int linesOfHost, int linesOfAll) {
        this.linesOfHost = linesOfHost;
        this.all = new SeldomLog(linesOfAll);
    }

    /**
     * Writes a line, unless there have been many.
     *
     * @param origin where the initiator comes from
     * @param line writes it, and at its end what it is given: how many were not written before it, or nothing
     */
    public void line(String origin, Consumer<String> line) {
        SeldomLog own;
        synchronized (hosts) {
            own = hosts.computeIfAbsent(origin, first -> new SeldomLog(linesOfHost));
        }
        own.line(others -> all.line(more -> line.accept(others + more)));
    }

    /** As the other one, of an initiator that has a session. */
    public void line(Session session, Consumer<String> line) {
        line(Origin.of(session.admitted().caller().remote()), line);
    }
}
