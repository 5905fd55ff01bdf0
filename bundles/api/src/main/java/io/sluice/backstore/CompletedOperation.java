package io.sluice.backstore;

import java.util.concurrent.CompletableFuture;

/** Holds the one completed stage that synchronous operations share. */
final class CompletedOperation {

    static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private CompletedOperation() {}
}
