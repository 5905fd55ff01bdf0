package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.volume.move.Copier;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The last copy of a move, of what hosts have written meanwhile: while they wait, or after they did. As long as it goes on it has the
 * buffers of the copier, so nothing else is copied, and nothing closed. Thread-safe; nothing here waits.
 */
final class RestOfCopy {

    /** Hosts wait at most so long for operations that run, and once more for the rest of the copy. */
    static final Duration LIMIT = Duration.ofMillis(900);

    private static final Duration PATIENCE = Duration.ofSeconds(35);

    private volatile CompletableFuture<Void> rest = CompletableFuture.completedFuture(null);

    /** Hosts do not wait for it when it takes long, and then this fails; it then ends after what is under way. */
    CompletionStage<Void> copy(Copier copier, Backstore old) {
        rest = copier.finish(old).toCompletableFuture();
        return rest.copy().orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS).whenComplete((copied, late) -> {
            if (late != null) {
                copier.callOff();
            }
        });
    }

    /** Returns a stage that completes when it does, and fails if it does, or if it goes on for longer than anybody waits for it. */
    CompletableFuture<Void> over() {
        return rest.copy().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Returns a stage that completes when nothing is copied, and the new storage has answered everything: it may be closed. */
    CompletionStage<Void> unused(Copier copier) {
        return rest.handle((over, failure) -> copier.answers()).thenCompose(answers -> answers);
    }

    /** Returns in one line why a move did not come to its end. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof TimeoutException
                ? "what hosts had written last was not copied in " + LIMIT.toMillis() + " ms"
                : cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
