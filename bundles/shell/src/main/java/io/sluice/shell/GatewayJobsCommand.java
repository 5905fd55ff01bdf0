package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.management.JobStatus;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import io.sluice.shell.output.Item;
import io.sluice.shell.output.Listing;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code gateway:jobs}. */
@Command(
        name = "gateway:jobs",
        description = "Lists what goes on for longer and what is over, or shows one",
        footer = {"gateway:jobs", "gateway:jobs 7e3f-1"})
final class GatewayJobsCommand extends ListingCommand {

    private static final int PERCENT = 100;

    @Parameters(index = "0", arity = "0..1", paramLabel = "JOB", description = "Id of a job")
    @Completes(Kind.JOB)
    private String id;

    @Override
    Listing list() throws ConfigException {
        if (id != null) {
            JobStatus one = one(id);
            return Listing.of(put(new Item(), one)
                    .put("author", "Author", one.author())
                    .put(
                            "ended",
                            "Ended",
                            time(one.ended().orElse(null)),
                            text(one.ended().orElse(null)))
                    .put("cancellable", "Cancellable", one.cancellable(), one.cancellable() ? "yes" : "no")
                    .put("result", "Result", orNull(one.result()))
                    .put("problem", "Problem", orNull(one.problem())));
        }
        Listing listing = Listing.list("Nothing goes on for longer.");
        gateway().jobs().list().forEach(job -> put(listing.add(), job)
                .json("author", job.author())
                .json("ended", time(job.ended().orElse(null)))
                .json("cancellable", job.cancellable())
                .json("result", orNull(job.result()))
                .put("problem", "Problem", orNull(job.problem())));
        return listing;
    }

    private JobStatus one(String wanted) throws ConfigException {
        return gateway().jobs().list().stream()
                .filter(job -> job.id().equals(wanted))
                .findFirst()
                .orElseThrow(() ->
                        new ConfigException("there is no job " + wanted + ": gateway:jobs shows those that there are"));
    }

    private static Item put(Item item, JobStatus job) {
        Integer percent = job.progress().isPresent() ? (int) (job.progress().getAsDouble() * PERCENT) : null;
        return item.put("id", "Job", job.id())
                .put("what", "What", job.what())
                .put("state", "State", job.state().label())
                .put("progressPercent", "Progress", percent, percent == null ? null : percent + " %")
                .put("since", "Since", time(job.since()), text(job.since()));
    }

    private static String time(Instant time) {
        return time == null ? null : time.toString();
    }

    private static String text(Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
