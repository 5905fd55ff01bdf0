package io.sluice.iscsi.portal;

import io.sluice.volume.log.SeldomLog;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lets a line be written of each refusal, but few of a host that is refused again and again, so that the others still show; and not
 * too many of all hosts together. Thread-safe.
 */
final class RefusalLog {

    private static final int HOSTS = 256;
    private static final int LINES_OF_ALL = 100;

    private final SeldomLog all = new SeldomLog(LINES_OF_ALL);

    /** The one that was refused last is the last. */
    private final Map<String, SeldomLog> hosts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SeldomLog> eldest) {
            return size() > HOSTS;
        }
    };

    /**
     * Writes a line, unless there have been many.
     *
     * @param host who was refused
     * @param line writes it, and at its end what it is given: how many were not written before it, or nothing
     */
    void line(String host, Consumer<String> line) {
        SeldomLog own;
        synchronized (hosts) {
            own = hosts.computeIfAbsent(host, first -> new SeldomLog());
        }
        own.line(others -> all.line(more -> line.accept(others + more)));
    }
}
