package io.sluice.manager.volume;

import io.sluice.backstore.BackstoreException;
import io.sluice.config.ConfigException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Calls of what others have written: whatever they throw, or do not return, fails a stage and nothing else. */
final class Plugin {

    private Plugin() {}

    /**
     * Makes a call that returns a stage, on a thread that it may keep.
     *
     * @return completes as that stage does, the first time; never with null
     */
    static <T> CompletableFuture<T> call(Executor executor, Callable<CompletionStage<T>> call) {
        return stage(executor, call, false);
    }

    /** As {@link #call}, with a result that says nothing. */
    static CompletableFuture<Void> run(Executor executor, Callable<CompletionStage<Void>> call) {
        return stage(executor, call, true);
    }

    private static <T> CompletableFuture<T> stage(
            Executor executor, Callable<CompletionStage<T>> call, boolean nothingExpected) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    CompletionStage<T> stage = call.call();
                    if (stage == null) {
                        throw new IllegalStateException("its bundle has a bug: it gave no stage");
                    }
                    stage.whenComplete((value, failure) -> {
                        if (failure != null) {
                            result.completeExceptionally(failure);
                        } else if (value == null && !nothingExpected) {
                            result.completeExceptionally(
                                    new IllegalStateException("its bundle has a bug: it gave nothing"));
                        } else {
                            result.complete(value);
                        }
                    });
                } catch (Throwable thrown) {
                    result.completeExceptionally(thrown);
                }
            });
        } catch (RejectedExecutionException refused) {
            result.completeExceptionally(refused);
        }
        return result;
    }

    /** Returns what really failed. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Returns whether a failure is one that a plug-in may have; anything else is a bug of it. */
    static boolean expected(Throwable failure) {
        return failure instanceof BackstoreException || failure instanceof ConfigException;
    }

    /** Returns one line for the operator. */
    static String message(Throwable failure) {
        Throwable cause = cause(failure);
        String text = expected(cause) ? String.valueOf(cause.getMessage()) : cause.toString();
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
