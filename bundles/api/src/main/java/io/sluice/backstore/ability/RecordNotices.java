package io.sluice.backstore.ability;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Storage by which those who have it open can let each other know that one of its {@link SharedRecords} is another one. A notice
 * may come late, for nothing, or not at all: who needs to know looks now and then anyway. Thread-safe.
 */
@ConsumerType
public interface RecordNotices {

    /**
     * Lets all others know.
     *
     * @return completes when they have been told, or could not be for a while; fails with {@code BackstoreException} if the storage
     *     refuses. A notice that was given up may still come.
     */
    CompletionStage<Void> announce();

    /**
     * Sets who is told of notices, in place of whom was told before.
     *
     * @param told called on any thread until the store is closed; must not wait
     */
    void listen(Runnable told);
}
