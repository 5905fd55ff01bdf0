package io.sluice.backstore.ability;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Storage that several gateways have open and one of them uses. A store with this ability is opened without the right to the
 * blocks: until {@link #take} every operation fails, and the records of {@link SharedRecords} can be used. Whoever has the right
 * keeps it until the store is closed or somebody else takes it; the store raises {@code LOST} in the latter case, and nothing
 * that is still on its way then changes a block. Thread-safe.
 */
@ConsumerType
public interface Takeover {

    /** Returns whether this store has the right to the blocks, as far as it knows. Never waits. */
    boolean active();

    /**
     * Takes the right to the blocks.
     *
     * @param force whether it is taken from somebody who has it: he is shut out first, for good
     * @return completes when nobody else can change a block any more. Fails with {@code BackstoreException} if somebody has it
     *     and there is no force, or if the storage cannot be asked.
     */
    CompletionStage<Void> take(boolean force);
}
