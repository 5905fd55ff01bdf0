package io.sluice.layer.throttle;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.LayerProvider;
import io.sluice.backstore.pace.Limits;
import io.sluice.backstore.pace.Pacer;
import io.sluice.config.LayerConfig;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Component;

/** Offers layers of the type {@code throttle}, which limit how much a backstore is used. */
@Component
public final class ThrottleLayerProvider implements LayerProvider {

    @Override
    public String type() {
        return "throttle";
    }

    @Override
    public String description() {
        return "limits operations and bytes a second; changed while the disk is in use";
    }

    @Override
    public List<BackstoreOption> options() {
        return ThrottleOptions.ALL;
    }

    @Override
    public CompletionStage<Backstore> open(Backstore below, LayerConfig config, BackstoreContext context) {
        try {
            Limits limits = ThrottleOptions.limits(config.options());
            return CompletableFuture.completedFuture(
                    new ThrottledBackstore(below, limits, new Clock(context.executor())));
        } catch (BackstoreException refused) {
            return below.close()
                    .handle((closed, failure) -> refused)
                    .thenCompose(CompletableFuture::<Backstore>failedFuture);
        }
    }

    /** The clock of the JDK wakes it; operations begin on the threads of their backstore. */
    private record Clock(Executor threads) implements Pacer.Clock {

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void after(long delayNanos, Runnable action) {
            if (delayNanos > 0) {
                CompletableFuture.delayedExecutor(delayNanos, TimeUnit.NANOSECONDS, this::begin)
                        .execute(action);
            } else {
                begin(action);
            }
        }

        private void begin(Runnable action) {
            try {
                threads.execute(action);
            } catch (RejectedExecutionException closed) {
                action.run();
            }
        }
    }
}
