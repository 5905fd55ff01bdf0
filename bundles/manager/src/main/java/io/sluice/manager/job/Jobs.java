package io.sluice.manager.job;

import io.sluice.backstore.BackstoreException;
import io.sluice.config.ConfigException;
import io.sluice.management.JobManagement;
import io.sluice.management.JobStatus;
import io.sluice.manager.history.Author;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes on, and the last of what is over. What nobody was told of, and takes less than a second, is not shown and not
 * remembered. Thread-safe; nothing here waits.
 */
public final class Jobs {

    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
    private static final long SHOWN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int NAMES = 1 << 16;

    /** Is told of each job that somebody was told of, when it is over; in any thread, and must not wait. */
    @FunctionalInterface
    public interface Listener {

        /** It is over. */
        void over(Author author, JobStatus job);
    }

    /** Another one after each start, so that an id never stands for another job. */
    private final String prefix = String.format("%04x-", new SecureRandom().nextInt(NAMES));

    private final TreeMap<Long, Job> running = new TreeMap<>();
    private final TreeMap<Long, JobStatus> ended = new TreeMap<>();
    private long last;
    private volatile Listener listener = (author, job) -> {};

    /** Says who is told from now on. */
    public void listen(Listener told) {
        listener = told;
    }

    /**
     * Notes what has been asked for, and is shown if it takes long, or if somebody is told that it goes on.
     *
     * @param what what is being done, as {@code making backstore disk0}
     * @param author who has asked for it
     * @param result what it comes to, one line; it is over with this stage
     */
    public Job begin(String what, Author author, CompletionStage<String> result, Work work) {
        return add(what, author, result, work, false);
    }

    /** As the other one, of what is long by its nature, and shown at once. */
    public Job beginLong(String what, Author author, CompletionStage<String> result, Work work) {
        return add(what, author, result, work, true);
    }

    private Job add(String what, Author author, CompletionStage<String> result, Work work, boolean told) {
        long number;
        Job job;
        synchronized (this) {
            number = ++last;
            job = new Job(prefix + number, what, author, work, told);
            running.put(number, job);
        }
        result.whenComplete((line, failure) -> over(number, job, line, cause(failure)));
        return job;
    }

    private void over(long number, Job job, String line, Throwable failure) {
        JobStatus status = job.end(failure, failure == null ? line : line(failure));
        synchronized (this) {
            running.remove(number);
            if (job.told() || job.ageNanos() >= SHOWN_NANOS) {
                ended.put(number, status);
                if (ended.size() > JobManagement.MOST_OVER) {
                    ended.pollFirstEntry();
                }
            }
        }
        if (job.told()) {
            if (isBug(failure)) {
                LOG.error("job {}, {}, met a bug", status.id(), status.what(), failure);
            }
            listener.over(job.author(), status);
        }
        job.over().complete(status);
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static boolean isBug(Throwable failure) {
        return failure != null
                && !(failure instanceof ConfigException
                        || failure instanceof BackstoreException
                        || failure instanceof CancellationException
                        || failure.getClass() == IllegalArgumentException.class);
    }

    private static String line(Throwable failure) {
        return isBug(failure) ? "a bug, the log has more: " + failure : String.valueOf(failure.getMessage());
    }

    /** Returns what is shown, in the order in which it has begun. */
    public List<JobStatus> list() {
        TreeMap<Long, Job> going;
        TreeMap<Long, JobStatus> all;
        synchronized (this) {
            going = new TreeMap<>(running);
            all = new TreeMap<>(ended);
        }
        going.forEach((number, job) -> {
            if (job.told() || job.ageNanos() >= SHOWN_NANOS) {
                all.put(number, job.status());
            }
        });
        return new ArrayList<>(all.values());
    }

    /**
     * Cancels a job.
     *
     * @return completes when it is over; fails if it was done before, or would go on after a restart
     * @throws ConfigException if there is no such job, or it cannot be cancelled
     */
    public CompletionStage<Void> cancel(String id) throws ConfigException {
        Job found = find(id);
        Work work = found.cancelling();
        if (work == null) {
            throw over(id);
        }
        if (!work.lasting().isEmpty()) {
            throw new ConfigException("job " + id + " cannot be cancelled: " + work.lasting());
        }
        work.cancel();
        return found.over().thenCompose(end -> switch (end.state()) {
            case CANCELLED -> CompletableFuture.completedFuture(null);
            case FAILED -> CompletableFuture.failedFuture(new NotForGoodException(end.problem()));
            default ->
                CompletableFuture.failedFuture(new ConfigException(
                        "job " + id + " was over before it could be cancelled: gateway:jobs " + id + " shows how"));
        });
    }

    private synchronized Job find(String id) throws ConfigException {
        for (Job job : running.values()) {
            if (job.id().equals(id)) {
                return job;
            }
        }
        for (JobStatus job : ended.values()) {
            if (job.id().equals(id)) {
                throw over(id);
            }
        }
        throw ConfigException.notFound(id, "there is no job " + id + ": gateway:jobs shows those that there are");
    }

    private static ConfigException over(String id) {
        return new ConfigException("job " + id + " is over: gateway:jobs " + id + " shows how");
    }
}
