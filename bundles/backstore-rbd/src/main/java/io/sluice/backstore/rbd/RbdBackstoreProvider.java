package io.sluice.backstore.rbd;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;

/** Offers backstores of the type {@code rbd}: images of a Ceph cluster, reached by the librbd of the host. */
@Component
public final class RbdBackstoreProvider implements BackstoreProvider {

    private final NewImage newImages = new NewImage();

    /** The backstores of the images that are open for writing, or still being closed. */
    private final Map<String, String> inUse = new ConcurrentHashMap<>();

    /** Work that calls the libraries of Ceph. */
    @FunctionalInterface
    private interface CephCall<T> {
        T call() throws BackstoreException, ConfigException;
    }

    @Override
    public String type() {
        return "rbd";
    }

    @Override
    public String description() {
        return "an image of a Ceph cluster, made if it is not there; needs librbd1 on the host";
    }

    @Override
    public List<BackstoreOption> options() {
        return ImageOptions.ALL;
    }

    @Override
    public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext context) {
        return context.call(() -> {
            ImageOptions options = ImageOptions.of(config);
            String user = inUse.get(options.key());
            if (user != null) {
                throw new ConfigException(
                        "image " + options.spec() + " is in use by backstore " + user + ": name another image");
            }
            try {
                context.secret(ImageOptions.KEYRING);
                return withLibraries(() -> newImages.create(config, options));
            } catch (BackstoreException failed) {
                throw new ConfigException(failed.getMessage(), failed);
            }
        });
    }

    private static <T> T withLibraries(CephCall<T> call) throws BackstoreException, ConfigException {
        Libraries.enter();
        try {
            return call.call();
        } finally {
            Libraries.leave();
        }
    }

    @Override
    public CompletionStage<Void> undoCreate(BackstoreConfig config, BackstoreContext context) {
        return context.call(() -> withLibraries(() -> {
            newImages.undo(config, ImageOptions.of(config));
            return null;
        }));
    }

    @Override
    public CompletionStage<Backstore> open(BackstoreConfig config, BackstoreContext context) {
        return context.call(() -> openNow(config, context));
    }

    private Backstore openNow(BackstoreConfig config, BackstoreContext context) throws BackstoreException {
        ImageOptions options = optionsOf(config);
        context.secret(ImageOptions.KEYRING);
        boolean writable = !config.readOnly();
        if (writable) {
            claim(options, config.name());
        }
        Runnable release = () -> {
            if (writable) {
                inUse.remove(options.key());
            }
        };
        boolean open = false;
        try {
            Backstore store = openBound(options, config, context, release);
            open = true;
            return store;
        } finally {
            if (!open) {
                release.run();
            }
        }
    }

    private static Backstore openBound(
            ImageOptions options, BackstoreConfig config, BackstoreContext context, Runnable release)
            throws BackstoreException {
        Libraries.enter();
        boolean open = false;
        try {
            Backstore store = open(options, config, context, () -> {
                Libraries.leave();
                release.run();
            });
            open = true;
            return store;
        } finally {
            if (!open) {
                Libraries.leave();
            }
        }
    }

    private static ImageOptions optionsOf(BackstoreConfig config) throws BackstoreException {
        try {
            return ImageOptions.of(config);
        } catch (ConfigException refused) {
            throw new BackstoreException(Fault.NOT_READY, refused.getMessage(), refused);
        }
    }

    /** A takeover is meant for other gateways, not for two disks of this one. */
    private void claim(ImageOptions options, String name) throws BackstoreException {
        String user = inUse.putIfAbsent(options.key(), name);
        if (user != null) {
            throw new BackstoreException(
                    Fault.NOT_READY,
                    "image " + options.spec() + " is in use by backstore " + user + ", or is still being closed");
        }
    }

    private static Backstore open(
            ImageOptions options, BackstoreConfig config, BackstoreContext context, Runnable onClosed)
            throws BackstoreException {
        Image image = Image.open(options, !config.readOnly());
        boolean open = false;
        try {
            BlockGeometry wanted = new BlockGeometry(
                    config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize());
            Backstore store = new RbdBackstore(image, wanted, options.shared(), context, onClosed);
            open = true;
            return store;
        } finally {
            if (!open) {
                image.close();
            }
        }
    }
}
