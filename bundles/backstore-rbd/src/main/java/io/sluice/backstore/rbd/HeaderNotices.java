package io.sluice.backstore.rbd;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.sluice.backstore.BackstoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears that something of an image's header has changed, on a thread of its own, which waits for a semaphore: librbd counts it up,
 * and so none of its threads runs Java.
 */
final class HeaderNotices {

    private static final Logger LOG = LoggerFactory.getLogger(HeaderNotices.class);
    private static final int SEMAPHORE_BYTES = 64;

    private final long image;
    private final Runnable heard;
    private final Memory semaphore = new Memory(SEMAPHORE_BYTES);
    private final Thread thread;
    private final long[] watch = new long[1];
    private volatile boolean stopped;

    /**
     * Begins to listen.
     *
     * @param heard told of one or more changes
     * @throws BackstoreException if librbd refuses
     */
    HeaderNotices(String name, Image opened, Runnable heard) throws BackstoreException {
        this.image = opened.address();
        this.heard = heard;
        this.thread = new Thread(this::run, "sluice-rbd-header-" + name);
        Libc.sem_init(address(), 0, 0);
        int error = -Librbd.rbd_update_watch(image, watch, Libraries.address("sem_post"), address());
        if (error > 0) {
            semaphore.close();
            throw Errors.notReady("image " + opened.spec() + " cannot be listened to", error);
        }
        thread.setDaemon(true);
        thread.start();
    }

    private long address() {
        return Pointer.nativeValue(semaphore);
    }

    private void run() {
        while (!stopped) {
            Libc.sem_wait(address());
            int others;
            do {
                others = Libc.sem_trywait(address());
            } while (others == 0);
            try {
                if (!stopped) {
                    heard.run();
                }
            } catch (RuntimeException | Error bug) {
                LOG.error("{}: a notice could not be taken", thread.getName(), bug);
            }
        }
    }

    /** Listens no more; to be called while the image is open. The memory that librbd knows of is kept until {@link #release}. */
    void stop() {
        stopped = true;
        Librbd.rbd_update_unwatch(image, watch[0]);
        Libc.sem_post(address());
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException ignored) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives back what librbd has known of; to be called when the image is closed. */
    void release() {
        semaphore.close();
    }
}
