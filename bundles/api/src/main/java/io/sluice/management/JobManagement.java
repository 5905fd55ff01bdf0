package io.sluice.management;

import io.sluice.config.ConfigException;
import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The part of the gateway that knows what goes on for longer: moves, erasures by initiators, and every change that takes a second
 * or that its caller does not wait for. The rules of {@link Gateway} count here too.
 */
@ProviderType
public interface JobManagement {

    /** How many jobs are remembered that are over. */
    int MOST_OVER = 100;

    /** Returns the jobs that go on, and the last ones that are over, in the order in which they have begun. */
    List<JobStatus> list();

    /**
     * Cancels a job, and waits until it is over.
     *
     * @throws ConfigException if there is none of that id, if it is over, or if it is of a kind that nothing stops
     */
    void cancel(String id) throws ConfigException;

    /**
     * Makes a change, and waits for it no longer than this.
     *
     * @param atMost how long the caller waits
     * @param change calls a method of this gateway that changes something, in the thread of the caller
     * @return what the change returns
     * @throws ConfigException of the kind {@code GOES_ON} if it takes longer; it then goes on as a job
     */
    <T> T within(Duration atMost, Gateway.Change<T> change) throws ConfigException;
}
