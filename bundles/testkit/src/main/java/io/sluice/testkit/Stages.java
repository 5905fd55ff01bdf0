package io.sluice.testkit;

import java.util.concurrent.CompletableFuture;

/** Passes on how a stage ended: with the exception itself, which the methods of a stage would wrap. */
final class Stages {

    private Stages() {}

    static <T> void end(CompletableFuture<T> result, T value, Throwable failure) {
        if (failure == null) {
            result.complete(value);
        } else {
            result.completeExceptionally(failure);
        }
    }
}
