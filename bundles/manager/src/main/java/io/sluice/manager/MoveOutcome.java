package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.management.MoveStatus;
import io.sluice.management.MoveStatus.State;
import io.sluice.manager.document.MoveFiles;
import io.sluice.manager.job.NotForGoodException;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a move has ended, for whoever waits for that, and whether that counts for the next start too. Thread-safe. */
final class MoveOutcome {

    private static final Logger LOG = LoggerFactory.getLogger(MoveOutcome.class);

    private final String name;
    private final BackstoreConfig to;
    private final MoveFiles files;
    private final CompletableFuture<String> result = new CompletableFuture<>();

    /** Why it is not over for the next start, and what to do; empty if it is. */
    private String returns = "";

    /** What has become of it; null as long as it goes on. */
    private MoveStatus last;

    /** @param files what the next start goes on by */
    MoveOutcome(String name, BackstoreConfig to, MoveFiles files) {
        this.name = name;
        this.to = to;
        this.files = files;
    }

    /** Returns where storage is, for people. */
    static String place(BackstoreConfig config) {
        return config.options().getOrDefault("path", "of type " + config.type());
    }

    /** Has the next start know nothing of it. Returns false if it does. */
    boolean forget(MoveKeeper keeper) {
        try {
            return keeper.write(files::delete);
        } catch (IOException failed) {
            LOG.error("backstore={} its move is over, and that cannot be kept: {}", name, failed.getMessage());
            return false;
        }
    }

    /**
     * Settles whether its end is for good.
     *
     * @param forgotten whether the next start knows nothing of it
     * @param why what was wrong with the move; empty if nothing was
     * @return what is wrong now, for its status; empty if nothing is
     */
    synchronized String settle(State state, boolean forgotten, String why) {
        returns = state == State.DONE || forgotten ? "" : stillOrdered();
        return why.isEmpty() || returns.isEmpty() ? why + returns : why + "; " + returns;
    }

    /** Keeps what has become of it. */
    synchronized void keep(MoveStatus status) {
        last = status;
    }

    /** Returns what has become of it; null as long as it goes on. */
    synchronized MoveStatus last() {
        return last;
    }

    /** Tells whoever waits for the {@link #result}. */
    void tell() {
        switch (last().state()) {
            case DONE -> result.complete("backstore " + name + " is at " + place(to));
            case CANCELLED -> result.completeExceptionally(cancelled());
            default -> result.completeExceptionally(failed());
        }
    }

    /** Completes when the move is over, which it is not when the gateway stops. */
    CompletionStage<String> result() {
        return result;
    }

    /**
     * Returns a stage that completes at once: with success if its end is for good, otherwise with what to do.
     *
     * @param over false if the gateway stops, and the next process goes on with it
     */
    synchronized CompletionStage<Void> forGood(boolean over) {
        if (!over) {
            returns = stillOrdered();
        }
        return returns.isEmpty() ? Backstore.done() : CompletableFuture.failedFuture(notForGood());
    }

    private String stillOrdered() {
        return "its move would go on after a restart: remove " + files.order();
    }

    private synchronized Exception cancelled() {
        return returns.isEmpty() ? new CancellationException("cancelled") : notForGood();
    }

    private synchronized Exception failed() {
        return returns.isEmpty() ? new ConfigException(last.problem()) : new NotForGoodException(last.problem());
    }

    private NotForGoodException notForGood() {
        return new NotForGoodException("backstore " + name + " is not moved now, but " + returns);
    }
}
