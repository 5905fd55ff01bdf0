package io.sluice.scsi.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The tasks that a logical unit has not ended yet (SAM-5 4.9). Thread-safe. */
final class TaskSet {

    private final Set<Execution> tasks = ConcurrentHashMap.newKeySet();

    void enter(Execution execution) {
        tasks.add(execution);
    }

    void leave(Execution execution) {
        tasks.remove(execution);
    }

    /**
     * Aborts the tasks that match.
     *
     * @param withStatus which of them are answered with TASK ABORTED
     * @return the aborted ones' end: completes when none of them can change the medium any more
     */
    CompletionStage<Void> abort(Predicate<Execution> which, Predicate<Execution> withStatus) {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (Execution execution : tasks) {
            if (which.test(execution)) {
                ends.add(execution.abort(withStatus.test(execution)).toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }

    /** Returns the tasks that are in the set now. */
    Stream<Execution> stream() {
        return tasks.stream();
    }

    /** Returns whether a task is in the set. */
    boolean contains(Predicate<Execution> which) {
        return tasks.stream().anyMatch(which);
    }

    /** Completes when those tasks have ended that are in the set now. */
    CompletionStage<Void> drained() {
        return CompletableFuture.allOf(tasks.stream().map(Execution::ended).toArray(CompletableFuture[]::new));
    }

    /** Completes when those tasks have ended that match and are in the set now. */
    CompletionStage<Void> drained(Predicate<Execution> which) {
        return CompletableFuture.allOf(
                tasks.stream().filter(which).map(Execution::ended).toArray(CompletableFuture[]::new));
    }
}
