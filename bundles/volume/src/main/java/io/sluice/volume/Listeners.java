package io.sluice.volume;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who are told of a volume, each whatever the others throw. Thread-safe. */
final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final Supplier<String> name;
    private final VolumeRuntime runtime;
    private final List<VolumeListener> listeners = new CopyOnWriteArrayList<>();

    /** @param name of the volume, for logs */
    Listeners(Supplier<String> name, VolumeRuntime runtime) {
        this.name = name;
        this.runtime = runtime;
    }

    void add(VolumeListener listener) {
        listeners.add(listener);
    }

    /** Tells everyone soon. */
    void tell(Consumer<VolumeListener> event) {
        runtime.execute(() -> tellNow(event));
    }

    /** Tells everyone on this thread. */
    void tellNow(Consumer<VolumeListener> event) {
        for (VolumeListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException | Error bug) {
                LOG.error("volume={} a listener met a bug", name.get(), bug);
            }
        }
    }
}
