package io.sluice.backstore.ability;

import io.sluice.backstore.SuppliedData;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** The store has what is read in buffers of its own, as one behind a socket or a cache does. */
@ConsumerType
public interface SuppliedRead {

    /**
     * Reads whole blocks into buffers of the store.
     *
     * @param lba first block
     * @param lengthBytes a positive multiple of the block size
     * @return the data, which the caller gives back
     */
    CompletionStage<SuppliedData> read(long lba, int lengthBytes);
}
