package io.sluice.manager.audit;

import io.sluice.config.ConfigException;
import io.sluice.management.Gateway;
import io.sluice.management.JobManagement;
import io.sluice.management.JobStatus;
import java.time.Duration;
import java.util.List;

/** Writes down that a job was cancelled. */
final class AuditedJobs implements JobManagement {

    private final JobManagement jobs;
    private final AuditTrail trail;

    AuditedJobs(JobManagement jobs, AuditTrail trail) {
        this.jobs = jobs;
        this.trail = trail;
    }

    @Override
    public List<JobStatus> list() {
        return jobs.list();
    }

    @Override
    public void cancel(String id) throws ConfigException {
        trail.order("cancel job " + id, () -> jobs.cancel(id));
    }

    /** The change comes through the gateway, and is written down by itself. */
    @Override
    public <T> T within(Duration atMost, Gateway.Change<T> change) throws ConfigException {
        return jobs.within(atMost, change);
    }
}
