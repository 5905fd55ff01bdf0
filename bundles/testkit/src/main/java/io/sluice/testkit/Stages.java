package io.sluice.testkit;

import java.util.concurrent.CompletableFuture;

/** Passes on how a stage ended: with the exception itself, which the methods of a stage would wrap. */
final class Stages {

    private Stages() {}

    static void end(CompletableFuture<Void> result, Throwable failure) {
        if (failure == null) {
            result.complete(null);
        } else {
            result.completeExceptionally(failure);
        }
    }
}
