package io.sluice.backstore;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A kind of storage, offered by a backend bundle as an OSGi service under this interface. The engine finds it while it
 * runs; when the service goes, its logical units answer NOT READY until one of the same {@link #type} is back.
 *
 * <p>Methods may block. They are called from management threads, one at a time for one backstore name.
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
     * Makes the storage for a new backstore, or takes over what is there already. Leaves nothing behind when it fails.
     *
     * @param config what was asked for; {@code sizeBytes} is 0 if the user named no size
     * @return the same configuration with what was found out filled in: a positive {@code sizeBytes}, absolute paths
     * @throws ConfigException if it cannot be had, with a line that says what is wrong and what to do
     */
    BackstoreConfig create(BackstoreConfig config) throws ConfigException;

    /**
     * Undoes a {@link #create} that has just succeeded, because a later step failed. Storage that existed before stays.
     */
    default void undoCreate(BackstoreConfig config) {}

    /**
     * Opens storage that {@link #create} has made.
     *
     * @throws BackstoreException if it is missing, does not fit the configuration or cannot be read
     */
    Backstore open(BackstoreConfig config) throws BackstoreException;
}
