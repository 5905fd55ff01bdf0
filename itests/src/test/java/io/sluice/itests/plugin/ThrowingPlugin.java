package io.sluice.itests.plugin;

import io.sluice.backstore.BackstoreProvider;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Throws an error when its storage is opened. */
public final class ThrowingPlugin implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        BackstoreProvider provider = new StrangeProvider("throwing", () -> {
            throw new NoSuchMethodError("of a library");
        });
        context.registerService(BackstoreProvider.class, provider, null);
    }

    @Override
    public void stop(BundleContext context) {}
}
