package io.sluice.scsi.internal.unit;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What was in blocks before an atomic write, kept aside. Its command either lets it go, when the blocks are all old or all
 * new on stable storage, or has the blocks closed. Thread-safe.
 */
public final class KeptBlocks {

    private final WriteIntents intents;
    private final long id;
    private final long from;
    private final long to;
    private final int exchanges;
    private final AtomicBoolean trying = new AtomicBoolean();

    /** Whether the blocks are all old or all new, so that this need only be let go. */
    private volatile boolean whole;

    /** @param exchanges how often the blocks of the unit had become other ones */
    KeptBlocks(WriteIntents intents, long id, long from, long to, int exchanges) {
        this.intents = intents;
        this.id = id;
        this.from = from;
        this.to = to;
        this.exchanges = exchanges;
    }

    long id() {
        return id;
    }

    long from() {
        return from;
    }

    /** Returns the block behind the last one. */
    long to() {
        return to;
    }

    int exchanges() {
        return exchanges;
    }

    /**
     * Lets go of what is kept.
     *
     * @return completes when it does not come back any more. If it fails, the blocks are closed until that has worked: to
     *     come back later it would change what somebody has read, or written.
     */
    public CompletionStage<Void> letGo() {
        return intents.clear(id).whenComplete((cleared, failure) -> {
            if (failure != null) {
                whole = true;
                intents.close(this, "what was kept aside for an atomic write cannot be let go: " + message(failure));
            }
        });
    }

    /** Has the blocks closed: they may be partly old and partly new until what is kept has been put back. */
    public void close(Throwable why) {
        intents.close(this, "an atomic write has failed and cannot be undone: " + message(why));
    }

    /** As {@link #close}; what is kept is put back as soon as the store has answered an operation that was given up. */
    public void closeUntil(CompletionStage<Void> over) {
        intents.close(this, "an atomic write was given up, and the storage may still be at it");
        over.whenComplete((done, failure) -> tryAgain());
    }

    private static String message(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage();
    }

    /** Tries to come to an end; never on this thread. */
    void tryAgain() {
        if (trying.compareAndSet(false, true)) {
            intents.execute(() -> WriteIntents.attempt(() ->
                            whole ? intents.clear(id) : intents.restore(this).thenCompose(back -> intents.clear(id)))
                    .whenComplete((done, failure) -> {
                        if (failure == null) {
                            intents.open(this);
                        }
                        trying.set(false);
                    }));
        }
    }
}
