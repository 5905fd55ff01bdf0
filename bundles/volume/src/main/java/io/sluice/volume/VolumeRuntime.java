package io.sluice.volume;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all volumes of a process share: a clock that looks after their deadlines, and threads for what goes on after one. No
 * store is ever called on the clock's thread. Thread-safe.
 */
public final class VolumeRuntime implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VolumeRuntime.class);
    private static final int THREADS = 4;
    private static final int IDLE_SECONDS = 30;

    /** One that nobody uses any more need not be closed to be forgotten. Guarded by itself. */
    private final Set<Volume> volumes = Collections.newSetFromMap(new WeakHashMap<>());

    private final ScheduledExecutorService clock;
    private final Executor threads;

    /** Starts the clock. */
    public VolumeRuntime() {
        this(Duration.ofMillis(250));
    }

    /** @param tick how exactly deadlines are kept */
    public VolumeRuntime(Duration tick) {
        this(tick, pool());
    }

    /**
     * @param tick how exactly deadlines are kept
     * @param threads runs what goes on after an operation; shut down with the runtime if it is a service
     */
    public VolumeRuntime(Duration tick, Executor threads) {
        this.threads = threads;
        clock = Executors.newSingleThreadScheduledExecutor(daemon("sluice-volume-clock"));
        clock.scheduleWithFixedDelay(this::tick, tick.toNanos(), tick.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What waits in the queue is bounded by the operations that are under way. */
    private static Executor pool() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemon("sluice-volume"));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory daemon(String name) {
        return action -> {
            Thread thread = new Thread(action, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private void tick() {
        long now = System.nanoTime();
        for (Volume volume : present()) {
            try {
                volume.lookAfter(now);
            } catch (RuntimeException | Error bug) {
                LOG.error("volume={} its deadlines could not be looked after", volume.name(), bug);
            }
        }
    }

    private List<Volume> present() {
        synchronized (volumes) {
            return List.copyOf(volumes);
        }
    }

    void add(Volume volume) {
        synchronized (volumes) {
            volumes.add(volume);
        }
    }

    void remove(Volume volume) {
        synchronized (volumes) {
            volumes.remove(volume);
        }
    }

    /** Runs something that goes on after an operation: soon, and on a thread that may do I/O of volumes. */
    public void execute(Runnable action) {
        try {
            threads.execute(action);
        } catch (RejectedExecutionException closed) {
            action.run();
        }
    }

    /** Runs something later, on a thread as that of {@link #execute}. */
    public void schedule(Runnable action, Duration delay) {
        try {
            clock.schedule(() -> execute(action), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("nothing is scheduled any more");
        }
    }

    /** Returns {@link #execute} as an executor. */
    public Executor executor() {
        return this::execute;
    }

    /** Stops the clock; what has begun goes on to its end. */
    @Override
    public void close() {
        clock.shutdownNow();
        if (threads instanceof ExecutorService service) {
            service.shutdown();
        }
    }
}
