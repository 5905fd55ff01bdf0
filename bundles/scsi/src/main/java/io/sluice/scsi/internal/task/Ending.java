package io.sluice.scsi.internal.task;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How tasks have ended, for whoever waited for it. */
public enum Ending {
    /** They can change the medium no more. */
    OVER,
    /** An operation of the store was given up and may still be at the medium, which takes no other write until it has ended. */
    GIVEN_UP;

    /** Completes when all have, with how the worst one did. */
    public static CompletionStage<Ending> all(List<? extends CompletionStage<Ending>> ends) {
        List<CompletableFuture<Ending>> futures =
                ends.stream().map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(done -> futures.stream().anyMatch(end -> end.join() == GIVEN_UP) ? GIVEN_UP : OVER);
    }
}
