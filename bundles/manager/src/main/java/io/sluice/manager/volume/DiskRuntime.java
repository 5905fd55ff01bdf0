package io.sluice.manager.volume;

import io.sluice.manager.document.StateListing;
import io.sluice.scsi.RunningErasure;
import io.sluice.scsi.target.CopyDomain;
import io.sluice.scsi.target.InitiatorLimits;
import io.sluice.volume.StoreThreads;
import io.sluice.volume.VolumeRuntime;
import io.sluice.volume.VolumeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all disks of a gateway share. Thread-safe. */
public final class DiskRuntime implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DiskRuntime.class);

    /** More than a few stores that hang when they are asked how they are; the rest is asked all the same. */
    private static final int THREADS = 8;

    private static final int QUEUE = 16_384;
    private static final int IDLE_SECONDS = 5;
    private static final int WRITING_SECONDS = 2;

    private final Settings settings;
    private final CopyDomain copyDomain = new CopyDomain();
    private final VolumeRuntime volumes = new VolumeRuntime();
    private final StoreThreads storeThreads = new StoreThreads();
    private final InitiatorLimits initiatorLimits = new InitiatorLimits(volumes);
    private volatile BiConsumer<String, RunningErasure> erasures = (disk, erasure) -> {};
    private final ThreadPoolExecutor questions;

    private final StateListing stateListing;

    /** What waits for it is bounded by the commands that are under way. */
    private final ThreadPoolExecutor stateWriter;

    /**
     * How disks are run.
     *
     * @param stateFolder where the state of units is kept
     * @param erasureBytesPerSecond how fast FORMAT UNIT and SANITIZE may overwrite; 0 for as fast as the storage takes it
     * @param volumes how long operations wait, and may take
     * @param retryFirst when a store that could not be opened is tried again first
     * @param retryLongest how long to wait between tries at most
     * @param patience how long a store may take to be opened or closed before that is told, and layers that are changed at all
     * @param sharing how long is waited for other gateways that have a disk too
     */
    public record Settings(
            Path stateFolder,
            long erasureBytesPerSecond,
            VolumeSettings volumes,
            Duration retryFirst,
            Duration retryLongest,
            Duration patience,
            SharingPatience sharing) {}

    /** Starts threads. */
    public DiskRuntime(Settings settings) {
        this.settings = settings;
        stateListing = new StateListing(settings.stateFolder());
        questions = threads(THREADS, QUEUE, "sluice-store-questions");
        stateWriter = threads(1, Integer.MAX_VALUE, "sluice-state");
    }

    private static ThreadPoolExecutor threads(int number, int queue, String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                number, number, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queue), action -> {
                    Thread thread = new Thread(action, name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Says who is told of each erasure that begins, with the name of its disk. */
    public void listen(BiConsumer<String, RunningErasure> told) {
        erasures = told;
    }

    void erasing(String disk, RunningErasure erasure) {
        erasures.accept(disk, erasure);
    }

    Settings settings() {
        return settings;
    }

    CopyDomain copyDomain() {
        return copyDomain;
    }

    /** Returns how fast initiators may use the disks. */
    public InitiatorLimits initiatorLimits() {
        return initiatorLimits;
    }

    VolumeRuntime volumes() {
        return volumes;
    }

    /** Returns the threads on which stores wait for what they are stored in. */
    StoreThreads storeThreads() {
        return storeThreads;
    }

    /** A bundle has gone whose code stores were of. */
    public void bundleGone() {
        storeThreads.renew();
    }

    /** Returns what asks stores how they are: nobody waits for that. */
    Executor questions() {
        return questions;
    }

    /** Returns what writes the state of all units, one file after the other. */
    Executor stateWriter() {
        return stateWriter;
    }

    /** Returns what files there are of the state of all units. */
    StateListing stateListing() {
        return stateListing;
    }

    /**
     * Ends the threads when they have done what they have. What is to be written is waited for, because the process may end: how a
     * store was closed is known last.
     */
    @Override
    public void close() {
        questions.shutdown();
        stateWriter.shutdown();
        storeThreads.close();
        volumes.close();
        try {
            if (!stateWriter.awaitTermination(WRITING_SECONDS, TimeUnit.SECONDS)) {
                LOG.error("the state of units is still being written, and is not awaited any more");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
