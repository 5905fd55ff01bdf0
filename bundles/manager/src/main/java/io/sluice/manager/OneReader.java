package io.sluice.manager;

import io.sluice.config.ConfigException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Has one document read at a time: what is made of a large one takes much of the heap, which sessions need as well. Others wait for a
 * while. Any thread.
 */
final class OneReader {

    private final Semaphore turn = new Semaphore(1, true);
    private final Duration patience;

    /** @param patience how long a document waits for those before it */
    OneReader(Duration patience) {
        this.patience = patience;
    }

    /** Makes something of a document. */
    @FunctionalInterface
    interface Reading<T> {
        T make() throws ConfigException;
    }

    /**
     * Reads a document when nobody else does.
     *
     * @throws ConfigException if others take too long, or for what the document says
     */
    <T> T read(Reading<T> reading) throws ConfigException {
        try {
            if (!turn.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ConfigException("other documents are being read: try again when they have been");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ConfigException("interrupted while other documents were read", interrupted);
        }
        try {
            return reading.make();
        } finally {
            turn.release();
        }
    }
}
