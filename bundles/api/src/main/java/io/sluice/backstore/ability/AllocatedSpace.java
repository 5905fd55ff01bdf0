package io.sluice.backstore.ability;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** The store knows how much space its blocks really take. */
@ConsumerType
public interface AllocatedSpace {

    /** Finds out the bytes of real space in use. */
    CompletionStage<Long> allocatedBytes();
}
