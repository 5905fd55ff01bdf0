package io.sluice.volume;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations of a volume that its store works on, and those that it has not answered in time. As long as a change is
 * overdue there is a fence: it might come about later, so nothing newer may be written before. Thread-safe.
 */
final class Deadlines {

    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);

    private final Supplier<String> name;
    private final Duration deadline;
    private final VolumeStatistics statistics;
    private final VolumeRuntime runtime;
    private final Set<Operation<?>> running = ConcurrentHashMap.newKeySet();
    private final AtomicInteger overdue = new AtomicInteger();
    private final AtomicInteger overdueChanges = new AtomicInteger();

    Deadlines(Supplier<String> name, Duration deadline, VolumeStatistics statistics, VolumeRuntime runtime) {
        this.name = name;
        this.deadline = deadline;
        this.statistics = statistics;
        this.runtime = runtime;
    }

    /** Returns whether changes are refused now. */
    boolean fenced() {
        return overdueChanges.get() > 0;
    }

    int overdue() {
        return overdue.get();
    }

    int running() {
        return running.size();
    }

    /** Returns what is wrong while something is overdue, one line for the operator. */
    String problem() {
        return "its storage has not answered " + overdue.get() + " operation(s) for more than " + deadline.toSeconds()
                + " s" + (fenced() ? "; it takes no writes until it does" : "");
    }

    /** Waits for the answer to an operation that runs. */
    <T> void await(Operation<T> operation, CompletionStage<T> answer) {
        running.add(operation);
        if (answer == null) {
            operation.accept(null, new IllegalStateException("the store gave no stage"));
            return;
        }
        try {
            answer.whenComplete(operation);
        } catch (Throwable broken) {
            operation.accept(null, broken);
        }
    }

    /** An operation has been answered. */
    void ended(Operation<?> operation, boolean wasOverdue) {
        running.remove(operation);
        if (!wasOverdue) {
            return;
        }
        if (operation.kind().changes()) {
            overdueChanges.decrementAndGet();
            statistics.fenced().end();
        }
        if (overdue.decrementAndGet() == 0) {
            LOG.warn("volume={} its storage has answered everything again", name.get());
        }
    }

    /** Gives up what has taken too long. */
    void lookAfter(long nowNanos) {
        for (Operation<?> operation : running) {
            boolean late = nowNanos - operation.begunNanos() > deadline.toNanos();
            if (late && operation.kind().timed() && operation.running()) {
                giveUp(operation);
            }
        }
    }

    /** It counts before it is given up: its answer, which may come at once, takes away what is there. */
    private void giveUp(Operation<?> operation) {
        boolean changes = operation.kind().changes();
        if (changes) {
            overdueChanges.incrementAndGet();
            statistics.fenced().begin();
        }
        boolean first = overdue.incrementAndGet() == 1;
        if (!operation.giveUp()) {
            overdue.decrementAndGet();
            if (changes) {
                overdueChanges.decrementAndGet();
                statistics.fenced().end();
            }
            return;
        }
        if (first) {
            LOG.error("volume={} {}", name.get(), problem());
        }
        statistics.overdue();
        String message = "volume " + name.get() + ": its storage did not answer within " + deadline.toSeconds() + " s";
        runtime.execute(() -> operation.tellOverdue(message));
    }
}
