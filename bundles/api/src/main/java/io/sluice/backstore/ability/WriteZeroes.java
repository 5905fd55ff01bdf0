package io.sluice.backstore.ability;

import io.sluice.backstore.Durability;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** Blocks can be made zeros for less than writing the zeros. */
@ConsumerType
public interface WriteZeroes {

    /**
     * Makes blocks read as zeros and keeps their space.
     *
     * @param lba first block
     * @param blocks number of blocks, positive
     * @param durability what completion has to mean
     */
    CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability);
}
