package io.sluice.backstore.ability;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** The store knows how much room there is where its blocks are kept. */
@ConsumerType
public interface FreeSpace {

    /** Finds out the bytes that are free there, for this store and everybody else who keeps something there. */
    CompletionStage<Long> freeBytes();
}
