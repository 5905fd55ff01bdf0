package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.flag;
import static io.sluice.rest.shape.Field.number;
import static io.sluice.rest.shape.Field.text;

import io.sluice.management.JobStatus;
import io.sluice.rest.shape.Shape;
import java.time.Instant;
import java.util.Map;

/** Jobs as they are answered; docs/json.md says what the keys mean. */
final class JobViews {

    static final Shape JOB = Shape.of(
            "Job",
            text("id"),
            text("what"),
            text("author"),
            text("since"),
            text("ended").orNull(),
            text("state"),
            number("progressPercent").orNull(),
            flag("cancellable"),
            text("result").orNull(),
            text("problem").orNull());

    private static final int PERCENT = 100;

    private JobViews() {}

    static Map<String, Object> job(JobStatus job) {
        return new Entry()
                .put("id", job.id())
                .put("what", job.what())
                .put("author", job.author())
                .put("since", job.since().toString())
                .put("ended", job.ended().map(Instant::toString).orElse(null))
                .put("state", job.state().label())
                .put(
                        "progressPercent",
                        job.progress().isPresent() ? (int) (job.progress().getAsDouble() * PERCENT) : null)
                .put("cancellable", job.cancellable())
                .orNull("result", job.result())
                .orNull("problem", job.problem())
                .map();
    }
}
