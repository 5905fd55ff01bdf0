package io.sluice.manager;

import io.sluice.management.ProblemSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What others say is wrong. Somebody who does not answer, although he should at once, is not waited for: one thread at most asks
 * him, and what he has said last counts until he answers. Any thread may call.
 */
public final class ReportedProblems {

    private static final Logger LOG = LoggerFactory.getLogger(ReportedProblems.class);

    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final int MOST_THREADS = 16;
    private static final int IDLE_SECONDS = 10;
    private static final int MOST_LINES = 16;
    private static final int LONGEST_LINE = 512;

    private final List<String> always;
    private final List<Source> sources = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = new ThreadPoolExecutor(
            0, MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), action -> {
                Thread made = new Thread(action, "sluice-problems");
                made.setDaemon(true);
                return made;
            });

    /** @param always what is wrong as long as the gateway runs */
    ReportedProblems(List<String> always) {
        this.always = List.copyOf(always);
    }

    /** Somebody has come who may have trouble. */
    public void add(ProblemSource source) {
        sources.add(new Source(source));
    }

    /** He goes, with his troubles. */
    public void remove(ProblemSource source) {
        sources.removeIf(one -> one.source == source);
    }

    /** Returns all, one line each. */
    List<String> all() {
        long until = System.nanoTime() + PATIENCE.toNanos();
        List<Source> asked = List.copyOf(sources);
        asked.forEach(source -> source.ask(threads));
        List<String> all = new ArrayList<>(always);
        asked.forEach(source -> all.addAll(source.answer(until)));
        return all;
    }

    /** One of them, who is believed no more than any other bundle. */
    private static final class Source {

        private final ProblemSource source;
        private final String name;
        private volatile List<String> lines = List.of();
        private Future<?> asking;
        private boolean bugIsLogged;

        Source(ProblemSource source) {
            this.source = source;
            this.name = source.getClass().getName();
        }

        synchronized void ask(ExecutorService threads) {
            if (asking == null || asking.isDone()) {
                try {
                    asking = threads.submit(this::read);
                } catch (RejectedExecutionException full) {
                    LOG.debug("{} is not asked: others do not answer", name);
                }
            }
        }

        private void read() {
            try {
                lines = source.problems().stream()
                        .limit(MOST_LINES)
                        .map(Source::line)
                        .toList();
            } catch (RuntimeException | Error bug) {
                lines = List.of(name + " does not say whether it is well: a bug, the log has more");
                if (!bugIsLogged) {
                    bugIsLogged = true;
                    LOG.error("{} does not say whether it is well", name, bug);
                }
            }
        }

        private static String line(String text) {
            String line = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
            return line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line;
        }

        List<String> answer(long until) {
            Future<?> waitedFor;
            synchronized (this) {
                waitedFor = asking;
            }
            try {
                if (waitedFor != null) {
                    waitedFor.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
                }
            } catch (TimeoutException slow) {
                LOG.debug("{} does not answer at once", name);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException cannotBe) {
                throw new IllegalStateException(cannotBe);
            }
            return lines;
        }
    }
}
