package io.sluice.manager;

import io.sluice.config.GatewayConfig;
import io.sluice.manager.document.SecretFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then what is wrong with the files of secrets, which people change by hand, on a thread of its own: whoever asks
 * waits for no disk. Thread-safe.
 */
final class SecretWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SecretWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(3);

    private final SecretFiles files;
    private final Supplier<GatewayConfig> config;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, action -> {
        Thread made = new Thread(action, "sluice-secrets");
        made.setDaemon(true);
        return made;
    });

    /** By the names of secrets. */
    private volatile Map<String, String> problems = Map.of();

    /** @param config has the secrets that are named at present */
    SecretWatch(SecretFiles files, Supplier<GatewayConfig> config) {
        this.files = files;
        this.config = config;
        thread.scheduleWithFixedDelay(this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Other secrets are named, or may be in the files. Does not wait. */
    void lookSoon() {
        if (asked.compareAndSet(false, true)) {
            try {
                thread.execute(() -> {
                    asked.set(false);
                    look();
                });
            } catch (RejectedExecutionException closed) {
                LOG.debug("nothing is looked at any more");
            }
        }
    }

    private static Stream<String> named(GatewayConfig config) {
        return config.initiators().stream()
                .flatMap(initiator -> initiator.secrets().stream())
                .distinct();
    }

    private void look() {
        try {
            Map<String, String> found = new HashMap<>();
            for (String name : named(config.get()).toList()) {
                String problem = files.problem(name);
                if (problem != null) {
                    found.put(name, problem);
                }
            }
            problems = Map.copyOf(found);
        } catch (RuntimeException bug) {
            LOG.error("the secrets cannot be looked at, by a bug", bug);
        }
    }

    /** Returns what was wrong with the secrets of a configuration when they were looked at, one line each with what to do. */
    List<String> problems(GatewayConfig present) {
        Map<String, String> known = problems;
        List<String> lines = new ArrayList<>(
                named(present).map(known::get).filter(Objects::nonNull).toList());
        lines.addAll(files.leftovers());
        return lines;
    }

    /** Looks at nothing any more; one look may still be under way. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
