package io.sluice.backstore.rbd;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.util.concurrent.locks.ReentrantLock;

/** Work that is refused while it is being done already, rather than held up for as long as that takes. Thread-safe. */
final class OneAtATime {

    /** What is done. */
    @FunctionalInterface
    interface Work {

        /** @throws BackstoreException if it fails */
        void run() throws BackstoreException;
    }

    private final ReentrantLock doing = new ReentrantLock();

    /**
     * Does it.
     *
     * @param refusal what is wrong if it is being done already, one line
     * @throws BackstoreException if it fails, or another thread is doing it
     */
    void run(String refusal, Work work) throws BackstoreException {
        if (!doing.tryLock()) {
            throw new BackstoreException(Fault.NOT_READY, refusal);
        }
        try {
            work.run();
        } finally {
            doing.unlock();
        }
    }
}
