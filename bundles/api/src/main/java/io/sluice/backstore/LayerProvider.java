package io.sluice.backstore;

import io.sluice.config.LayerConfig;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A kind of layer: something between a volume and its store that limits, encrypts, caches, counts. Offered as an OSGi service
 * under this interface. A backstore names its layers from the store upwards; a disk is offline while one of them is missing.
 *
 * <p>No method waits; see {@link BackstoreProvider}. {@link ForwardingBackstore} is what most layers begin with.
 */
@ConsumerType
public interface LayerProvider {

    /** Returns the name of the kind: lower-case letters, digits and hyphens. */
    String type();

    /** Returns one line that tells a user what the kind is for. */
    String description();

    /** Returns the settings that the kind understands. */
    List<BackstoreOption> options();

    /**
     * Returns whether the blocks are the same without the layer, as with one that limits or counts. One that changes them, and
     * says no here, is put on a store that has no data yet, or under {@link BackstoreOption#FORMAT}, and is not taken away again.
     */
    default boolean keepsBlocks() {
        return true;
    }

    /**
     * Wraps an open store.
     *
     * @param below what the layer lies on; the layer closes it with itself, and also when this fails
     * @param config the settings; with {@link BackstoreOption#FORMAT} once, when the layer is added
     * @return the store with the layer; fails with {@link BackstoreException}
     */
    CompletionStage<Backstore> open(Backstore below, LayerConfig config, BackstoreContext context);
}
