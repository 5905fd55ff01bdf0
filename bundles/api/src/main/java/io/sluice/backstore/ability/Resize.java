package io.sluice.backstore.ability;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** The capacity can be changed while the store is open. */
@ConsumerType
public interface Resize {

    /**
     * Changes the capacity; blocks that are added read as zeros. When it fails nothing has changed.
     *
     * @param blocks the new number of blocks
     */
    CompletionStage<Void> resize(long blocks);
}
