package io.sluice.itests.plugin;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.Fault;
import java.util.concurrent.CompletableFuture;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers its kind of storage twice. */
public final class TwicePlugin implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        for (int i = 0; i < 2; i++) {
            BackstoreProvider provider = new StrangeProvider(
                    "twice",
                    () -> CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, "not today")));
            context.registerService(BackstoreProvider.class, provider, null);
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
