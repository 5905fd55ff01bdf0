package io.sluice.manager.volume;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs why a disk is away, once for each reason: it may be the same for days. Guarded by its owner. */
final class FailureLog {

    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

    private final Supplier<String> name;
    private String last = "";

    FailureLog(Supplier<String> name) {
        this.name = name;
    }

    /** Logs a failure, with its stack if it is a bug. */
    void add(String why, Throwable failure) {
        if (why.equals(last)) {
            return;
        }
        last = why;
        Throwable cause = Plugin.cause(failure);
        if (Plugin.expected(cause)) {
            LOG.error("backstore={} away: {}", name.get(), why);
        } else {
            LOG.error("backstore={} away: {}", name.get(), why, cause);
        }
    }

    /** The next failure is a new one. */
    void forget() {
        last = "";
    }
}
