package io.sluice.manager;

import io.sluice.config.ConfigException;
import io.sluice.management.Gateway;
import io.sluice.management.JobManagement;
import io.sluice.management.JobStatus;
import java.time.Duration;
import java.util.List;

/** What goes on for longer, as the gateway tells it. Thread-safe. */
final class ManagedJobs implements JobManagement {

    private final Composition composition;

    ManagedJobs(Composition composition) {
        this.composition = composition;
    }

    @Override
    public List<JobStatus> list() {
        return composition.jobs().list();
    }

    @Override
    public void cancel(String id) throws ConfigException {
        composition.await(composition.jobs().cancel(id), "cancelling job " + id);
    }

    @Override
    public <T> T within(Duration atMost, Gateway.Change<T> change) throws ConfigException {
        return composition.within(atMost, change);
    }
}
