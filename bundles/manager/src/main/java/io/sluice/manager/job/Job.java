package io.sluice.manager.job;

import io.sluice.management.JobStatus;
import io.sluice.management.JobStatus.State;
import io.sluice.manager.history.Author;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** Work with a name, from when it was asked for until it is over. Thread-safe. */
public final class Job {

    private static final int LONGEST = 1000;

    private final String id;
    private final String what;
    private final Author author;
    private final Instant since = Instant.now();
    private final long begunNanos = System.nanoTime();
    private final CompletableFuture<JobStatus> over = new CompletableFuture<>();

    /** Null as soon as it is over: what it uses belongs to bundles that may go. */
    private Work work;

    private JobStatus last;
    private boolean told;
    private boolean cancelled;

    Job(String id, String what, Author author, Work work, boolean told) {
        this.id = id;
        this.what = what;
        this.author = author;
        this.work = work;
        this.told = told;
    }

    /** Returns its name. */
    public String id() {
        return id;
    }

    Author author() {
        return author;
    }

    /**
     * Somebody is told that it goes on, so that it is listed from now on.
     *
     * @return false if it is over
     */
    public synchronized boolean tell() {
        told |= last == null;
        return last == null;
    }

    synchronized boolean told() {
        return told;
    }

    long ageNanos() {
        return System.nanoTime() - begunNanos;
    }

    /** Completes with what has become of it. */
    CompletableFuture<JobStatus> over() {
        return over;
    }

    /** Returns its work, which is to be cancelled; null if it is over. */
    synchronized Work cancelling() {
        cancelled = work != null && work.lasting().isEmpty();
        return work;
    }

    /**
     * It is over.
     *
     * @param failure why it failed; null if it did not
     * @param line what it has come to, or why it failed
     */
    synchronized JobStatus end(Throwable failure, String line) {
        boolean ended = cancelled && failure != null && !(failure instanceof NotForGoodException);
        boolean wanted = ended || failure instanceof CancellationException;
        State state = failure == null ? State.DONE : wanted ? State.CANCELLED : State.FAILED;
        String kept = line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
        last = new JobStatus(
                id,
                what,
                author.who(),
                since,
                Optional.of(Instant.now()),
                state,
                failure == null ? OptionalDouble.of(1) : OptionalDouble.empty(),
                false,
                failure == null ? kept : "",
                state == State.FAILED ? kept : "");
        work = null;
        return last;
    }

    JobStatus status() {
        Work asked;
        synchronized (this) {
            if (last != null) {
                return last;
            }
            asked = work;
        }
        return new JobStatus(
                id,
                what,
                author.who(),
                since,
                Optional.empty(),
                State.RUNNING,
                asked.progress(),
                asked.lasting().isEmpty(),
                "",
                asked.problem());
    }
}
