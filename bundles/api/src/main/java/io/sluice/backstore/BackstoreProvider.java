package io.sluice.backstore;

import io.sluice.config.BackstoreConfig;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A kind of storage, offered by a backend bundle as an OSGi service under this interface. The gateway finds it while it
 * runs; when the service goes, commands to its disks wait for one of the same {@link #type}, and then end with NOT READY.
 *
 * <p>No method waits: what has to wait is done by {@link BackstoreContext#call}, whose threads nobody interrupts. For one
 * backstore name one of {@code create}, {@code undoCreate} and {@code open} is under way at a time.
 */
@ConsumerType
public interface BackstoreProvider {

    /** Returns the name of the kind, such as {@code file}: lower-case letters, digits and hyphens. */
    String type();

    /** Returns one line that tells a user what the kind is for. */
    String description();

    /** Returns the settings that the kind understands; any other key is refused before {@link #create}. */
    List<BackstoreOption> options();

    /**
     * Returns whether a store that was closed has its data when it is opened again. Where it has not, as in memory, a store is
     * not opened anew as long as it is well; and one whose data is lost is opened only when the operator says that it may
     * begin empty, or if its option {@link BackstoreOption#RESTART} says so.
     */
    default boolean keepsData() {
        return true;
    }

    /**
     * Makes the storage for a new backstore, or takes over what is there already. Leaves nothing behind when it fails.
     *
     * @param config what was asked for; {@code sizeBytes} is 0 if the user named no size
     * @return the same configuration with what was found out filled in: a positive {@code sizeBytes}, absolute paths,
     *     options that say which storage it is. Fails with {@code ConfigException}, whose line says what is wrong and what to
     *     do, if it cannot be had.
     */
    CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext context);

    /**
     * Undoes a {@link #create} that has just succeeded, because a later step failed. Storage that existed before stays.
     */
    default CompletionStage<Void> undoCreate(BackstoreConfig config, BackstoreContext context) {
        return Backstore.done();
    }

    /**
     * Opens storage that {@link #create} has made.
     *
     * @return fails with {@link BackstoreException} if it is missing, does not fit the configuration or cannot be read; it is
     *     then tried again from time to time
     */
    CompletionStage<Backstore> open(BackstoreConfig config, BackstoreContext context);
}
