package io.sluice.backstore.ability;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** Blocks can be given back and then read as zeros (SBC-4 4.7). */
@ConsumerType
public interface Unmap {

    /**
     * Gives blocks back; afterwards they read as zeros.
     *
     * @param lba first block
     * @param blocks number of blocks, positive
     */
    CompletionStage<Void> unmap(long lba, long blocks);
}
