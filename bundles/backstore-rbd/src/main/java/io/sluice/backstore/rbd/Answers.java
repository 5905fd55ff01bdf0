package io.sluice.backstore.rbd;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the answers of an image, on a thread of its own. librbd puts them on a list and counts up an eventfd, so that none of
 * its threads ever runs Java; by a semaphore it says that the image has another size.
 */
final class Answers {

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private static final int EFD_NONBLOCK_CLOEXEC = 0x80800;
    private static final int EVENT_TYPE_EVENTFD = 2;
    private static final int POLLIN = 1;
    private static final int POLLFD_BYTES = 8;
    private static final int COUNTER_BYTES = 8;
    private static final int SEMAPHORE_BYTES = 64;
    private static final int BATCH = 64;

    /** How soon another size is seen, in milliseconds. */
    private static final int LOOK_MILLIS = 500;

    /** Hears of an answer. */
    interface Listener {

        /**
         * @param number that was given to librbd
         * @param result negative for an error number
         */
        void answered(int number, long result);

        /** The image has, or had, another size. */
        void resized();
    }

    private final long image;
    private final Listener listener;
    private final int descriptor;
    private final Memory descriptors = new Memory(POLLFD_BYTES);
    private final Memory counter = new Memory(COUNTER_BYTES);
    private final Memory semaphore = new Memory(SEMAPHORE_BYTES);
    private final Thread thread;
    private final long[] watch = new long[1];
    private volatile boolean stopped;

    /**
     * Begins to listen; to be called before anything is asked of the image.
     *
     * @throws BackstoreException if librbd or the system refuse
     */
    Answers(String name, Image opened, Listener listener) throws BackstoreException {
        this.image = opened.address();
        this.listener = listener;
        this.thread = new Thread(this::run, "sluice-rbd-" + name);
        descriptor = Libc.eventfd(0, EFD_NONBLOCK_CLOEXEC);
        if (descriptor < 0) {
            throw new BackstoreException(Fault.NOT_READY, "the process has no descriptor left: raise its limit");
        }
        int error = -Librbd.rbd_set_image_notification(image, descriptor, EVENT_TYPE_EVENTFD);
        if (error == 0) {
            Libc.sem_init(address(semaphore), 0, 0);
            error = -Librbd.rbd_update_watch(image, watch, Libraries.address("sem_post"), address(semaphore));
        }
        if (error > 0) {
            Libc.close(descriptor);
            throw Errors.notReady("image " + opened.spec() + " cannot be listened to", error);
        }
        descriptors.setInt(0, descriptor);
        descriptors.setShort(Integer.BYTES, (short) POLLIN);
        thread.setDaemon(true);
        thread.start();
    }

    private static long address(Memory memory) {
        return Pointer.nativeValue(memory);
    }

    private void run() {
        long[] completions = new long[BATCH];
        while (!stopped) {
            try {
                Libc.poll(address(descriptors), 1, LOOK_MILLIS);
                Libc.read(descriptor, address(counter), COUNTER_BYTES);
                takeAll(completions);
                lookAtSize();
            } catch (RuntimeException | Error bug) {
                LOG.error(
                        "{}: an answer of librbd could not be taken",
                        Thread.currentThread().getName(),
                        bug);
            }
        }
    }

    private void takeAll(long[] completions) {
        int taken;
        do {
            taken = Librbd.rbd_poll_io_events(image, completions, BATCH);
            for (int i = 0; i < taken; i++) {
                take(completions[i]);
            }
        } while (taken > 0);
    }

    private void take(long completion) {
        int number = (int) Librbd.rbd_aio_get_arg(completion);
        long result = Librbd.rbd_aio_get_return_value(completion);
        Librbd.rbd_aio_release(completion);
        listener.answered(number, result);
    }

    private void lookAtSize() {
        boolean changed = false;
        while (Libc.sem_trywait(address(semaphore)) == 0) {
            changed = true;
        }
        if (changed) {
            listener.resized();
        }
    }

    /**
     * Listens no more; to be called when all answers are there, and from another thread. Waits until the last is dealt with. The
     * memory that librbd knows of is kept until {@link #release}.
     */
    void stop() {
        stopped = true;
        try (Memory one = new Memory(COUNTER_BYTES)) {
            one.setLong(0, 1);
            Libc.write(descriptor, address(one), COUNTER_BYTES);
        }
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
        Librbd.rbd_update_unwatch(image, watch[0]);
    }

    /** Gives back what librbd has known of; to be called when the image is closed. */
    void release() {
        Libc.close(descriptor);
        semaphore.close();
        descriptors.close();
        counter.close();
    }
}
