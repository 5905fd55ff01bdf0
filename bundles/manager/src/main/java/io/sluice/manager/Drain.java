package io.sluice.manager;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for running commands to end, but not for ever: a store that hangs shall not hang the gateway. */
final class Drain {

    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final long LIMIT_SECONDS = 30;

    private Drain() {}

    /** @param what on what the commands run, for the log */
    static void await(CompletionStage<Void> drained, String what) {
        try {
            drained.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException stuck) {
            LOG.error("{}: commands still run after {} seconds and are not awaited", what, LIMIT_SECONDS);
        } catch (InterruptedException interrupted) {
            LOG.error("{}: commands are not awaited any more: interrupted", what);
            Thread.currentThread().interrupt();
        } catch (ExecutionException bug) {
            LOG.error("{}: commands could not be awaited", what, bug);
        }
    }
}
