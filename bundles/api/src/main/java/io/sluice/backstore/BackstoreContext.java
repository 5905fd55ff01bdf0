package io.sluice.backstore;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the gateway gives one backstore to live with, from the call that opens it until it is closed. Thread-safe.
 *
 * <p>Whoever runs stores, a gateway or a test, implements it; stores do not.
 */
@ProviderType
public interface BackstoreContext {

    /** Work that may wait. */
    @FunctionalInterface
    interface BlockingCall<T> {

        /** Does it, on a thread of {@link BackstoreContext#executor}; what it throws fails the stage. */
        T call() throws Exception;
    }

    /** Returns the name of the backstore, for logs. */
    String name();

    /**
     * Returns what runs calls that may wait: on a few threads at a time, that work for this backstore alone meanwhile, and that
     * nobody may interrupt. They are the gateway's, and do something for another backstore afterwards: what a call leaves in a
     * {@link ThreadLocal} outlives its bundle. It refuses work when more waits than a volume ever asks for, and after the
     * backstore has been closed.
     */
    Executor executor();

    /** Runs a call on {@link #executor} and returns its result as a stage. */
    <T> CompletionStage<T> call(BlockingCall<T> work);

    /**
     * Tells how far {@link BackstoreProvider#create} is, where that takes long: people see it, and as long as it rises nobody gives
     * up waiting. Never waits.
     *
     * @param share from 0 to 1
     */
    default void progress(double share) {}

    /**
     * Returns whether what {@link BackstoreProvider#create} makes is not wanted any more. Who makes it for long asks between two
     * pieces, then ends soon, and leaves nothing behind. Never waits.
     */
    default boolean isCancelled() {
        return false;
    }

    /**
     * Returns whether a flush of the storage has failed before it was opened, perhaps in an earlier process. What was lost may still
     * be in a cache of the system, from where it goes in time. Who reads through one empties it before anything is read. Never waits.
     */
    default boolean isDoubtful() {
        return false;
    }

    /** Tells the gateway that something has changed which it would otherwise not notice. Never waits. */
    void raise(BackstoreEvent event);

    /**
     * Reads the secret that an option of the type {@link BackstoreOption.Type#SECRET} stands for. May wait for a disk, so it
     * is called within {@link #call}.
     *
     * @param option name of the option
     * @return null if the option was not given
     * @throws BackstoreException if it cannot be read, or others could read it too; the message has no part of it
     */
    Secret secret(String option) throws BackstoreException;
}
