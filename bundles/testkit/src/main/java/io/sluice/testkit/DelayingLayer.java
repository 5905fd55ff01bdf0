package io.sluice.testkit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.Fault;
import io.sluice.backstore.LayerProvider;
import io.sluice.config.LayerConfig;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Offers layers of the type {@code delaying}, which begin each operation after the time of their option {@code micros} and count
 * what goes through. Nothing goes around them.
 */
public final class DelayingLayer implements LayerProvider {

    private static final String MICROS = "micros";

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "delaying");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public String type() {
        return "delaying";
    }

    @Override
    public String description() {
        return "begins each operation late, and counts them";
    }

    @Override
    public List<BackstoreOption> options() {
        return List.of(new BackstoreOption(MICROS, true, "how late, in microseconds"));
    }

    @Override
    public CompletionStage<Backstore> open(Backstore below, LayerConfig config, BackstoreContext context) {
        String micros = config.options().get(MICROS);
        try {
            return CompletableFuture.completedFuture(new DelayingBackstore(below, scheduler, Long.parseLong(micros)));
        } catch (NumberFormatException refused) {
            CompletableFuture<Backstore> failed = new CompletableFuture<>();
            String reason = "option " + MICROS + " of a delaying layer is a number, not '" + micros + "'";
            below.close()
                    .whenComplete((closed, ignored) ->
                            failed.completeExceptionally(new BackstoreException(Fault.NOT_READY, reason, refused)));
            return failed;
        }
    }
}
