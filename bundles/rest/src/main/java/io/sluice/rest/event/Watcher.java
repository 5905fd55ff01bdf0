package io.sluice.rest.event;

import io.sluice.management.Gateway;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the gateway again and again as long as somebody wants to know, and tells what has changed. It does so for all together
 * and in a thread of its own, so that followers cost the gateway nothing. Any thread may call.
 */
public final class Watcher implements AutoCloseable {

    /** Who is told of more at once looks at everything anew, which is cheaper for all. */
    static final int MOST_CHANGES = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);

    /** Somebody who wants to know. It is told in the thread of the watcher, and must not wait. */
    public interface Follower {

        /**
         * From now on it is told of every change.
         *
         * @param id number of the last change that it was not told of
         */
        void begins(long id);

        /**
         * Something has changed.
         *
         * @param firstId number of the first change; each has a number that is one more than that of the one before
         */
        void changed(long firstId, List<Change> changes);

        /** What changes cannot be told any more. */
        void ends();
    }

    private final Gateway gateway;
    private final int most;
    private final Duration pause;
    private final ScheduledExecutorService thread;
    private final AtomicInteger following = new AtomicInteger();

    // What follows is for the watcher's thread alone.
    private final Set<Follower> followers = new LinkedHashSet<>();
    private ScheduledFuture<?> rounds;
    private Snapshot last;
    private long lastId;

    /**
     * @param most how many may follow at a time
     * @param pause how long is waited from one look to the next
     * @param threads makes the thread
     */
    public Watcher(Gateway gateway, int most, Duration pause, ThreadFactory threads) {
        this.gateway = gateway;
        this.most = most;
        this.pause = pause;
        this.thread = Executors.newSingleThreadScheduledExecutor(threads);
    }

    /**
     * Lets somebody follow.
     *
     * @return ends it, which may be done more than once; empty if too many follow already
     */
    public Optional<Runnable> follow(Follower follower) {
        if (following.incrementAndGet() > most) {
            following.decrementAndGet();
            return Optional.empty();
        }
        AtomicBoolean left = new AtomicBoolean();
        run(() -> join(follower));
        return Optional.of(() -> {
            if (left.compareAndSet(false, true)) {
                run(() -> leave(follower));
            }
        });
    }

    private void run(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException closed) {
            LOG.debug("nobody follows any more: the watcher is closed");
        }
    }

    private void join(Follower follower) {
        followers.add(follower);
        if (rounds == null) {
            look();
        }
        if (followers.isEmpty()) {
            // The look has failed.
            return;
        }
        if (rounds == null) {
            rounds = thread.scheduleWithFixedDelay(this::look, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
        }
        follower.begins(lastId);
    }

    /** Who has left makes room only now, so that those who come and go do not fill the queue of the thread. */
    private void leave(Follower follower) {
        followers.remove(follower);
        following.decrementAndGet();
        restIfAlone();
    }

    private void restIfAlone() {
        if (followers.isEmpty() && rounds != null) {
            rounds.cancel(false);
            rounds = null;
            last = null;
        }
    }

    private void look() {
        try {
            Snapshot now = Snapshot.of(gateway);
            if (last != null) {
                tell(now.since(last));
            }
            last = now;
        } catch (RuntimeException | Error bug) {
            LOG.error("what changes cannot be told, by a bug", bug);
            List<Follower> all = List.copyOf(followers);
            followers.clear();
            restIfAlone();
            all.forEach(Follower::ends);
        }
    }

    private void tell(List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        List<Change> told = changes.size() > MOST_CHANGES ? List.of(new Change(Change.Kind.CHANGED, "/")) : changes;
        long firstId = lastId + 1;
        lastId += told.size();
        followers.forEach(follower -> follower.changed(firstId, told));
    }

    /** Looks no more. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
