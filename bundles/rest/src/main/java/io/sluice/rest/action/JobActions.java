package io.sluice.rest.action;

import io.sluice.config.ConfigException;
import io.sluice.management.Gateway;
import io.sluice.management.JobStatus;
import io.sluice.management.Role;
import java.util.List;

/** What can be done with what goes on for longer. */
final class JobActions {

    private static final String JOB = "/jobs/{id}";

    private JobActions() {}

    static List<Action> rows() {
        return List.of(
                Action.show("/jobs", "gateway:jobs", "Lists what goes on, and the last of what is over")
                        .answersMany(JobViews.JOB)
                        .does(
                                call -> Reply.ok(call.gateway().jobs().list().stream()
                                        .map(JobViews::job)
                                        .toList()),
                                "list()"),
                Action.show(JOB, "gateway:jobs", "Shows a job")
                        .answers(200, JobViews.JOB)
                        .does(call -> Reply.ok(JobViews.job(job(call.gateway(), call.value("id")))), "list()"),
                Action.of("DELETE", JOB, Role.OPERATOR, "gateway:job-cancel", "Cancels a job, if that can be")
                        .does(JobActions::cancel, "cancel(String)"));
    }

    private static Reply cancel(Call call) throws ConfigException {
        call.gateway().jobs().cancel(call.value("id"));
        return Reply.done();
    }

    private static JobStatus job(Gateway gateway, String id) {
        return gateway.jobs().list().stream()
                .filter(job -> job.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Refusals.absent("job", id));
    }

    /** Returns the answer to a change that goes on. */
    static Reply accepted(Gateway gateway, String id) {
        return Reply.accepted(Paths.of("jobs", id), JobViews.job(job(gateway, id)));
    }
}
