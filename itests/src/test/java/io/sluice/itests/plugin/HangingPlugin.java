package io.sluice.itests.plugin;

import io.sluice.backstore.BackstoreProvider;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Does not come back when its storage is opened, before it is stopped; and then it gives no answer. */
public final class HangingPlugin implements BundleActivator {

    private final CountDownLatch stopped = new CountDownLatch(1);

    @Override
    public void start(BundleContext context) {
        BackstoreProvider provider = new StrangeProvider("hanging", () -> {
            try {
                stopped.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return new CompletableFuture<>();
        });
        context.registerService(BackstoreProvider.class, provider, null);
    }

    @Override
    public void stop(BundleContext context) {
        stopped.countDown();
    }
}
