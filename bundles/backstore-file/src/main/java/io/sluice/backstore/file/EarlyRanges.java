package io.sluice.backstore.file;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the kernel for ranges of a file before anybody waits for them: for one at a time, in a thread that may wait, and for none once
 * the file is closed. Which ones, a subclass learns from what initiators read or write. Thread-safe, and never waits in a thread
 * that serves initiators.
 */
abstract class EarlyRanges {

    private static final Logger LOG = LoggerFactory.getLogger(EarlyRanges.class);

    /** Asks for a range; may wait for the disk's queue, not for the disk. */
    @FunctionalInterface
    interface Call {
        void ask(long offset, long length) throws IOException;
    }

    /** A range that the kernel is asked for. */
    record Range(long offset, long length) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final String done;
    private final Call call;
    private final Executor executor;
    private boolean busy;

    /** Guards the file against being closed while it is used. */
    private final Object open = new Object();

    private boolean closed;

    /**
     * Asks for nothing yet.
     *
     * @param done what becomes of a range, for logs
     * @param executor runs what may wait; one thing at a time
     */
    EarlyRanges(String done, Call call, Executor executor) {
        this.done = done;
        this.call = call;
        this.executor = executor;
    }

    /** Takes note of a range that an initiator uses, while no other one is noted. Returns whether a range may be there to ask for. */
    abstract boolean note(long offset, long length);

    /** Returns the next range to ask for, while none is noted; null if there is none. */
    abstract Range next();

    /** Nothing can be asked for now, and none is noted just then. */
    void refused() {}

    /**
     * An initiator uses a range. Where two threads come at the same moment one of them is not counted, rather than have it wait: a
     * sequence is known by most of what it is made of.
     */
    final void look(long offset, long length) {
        if (!lock.tryLock()) {
            return;
        }
        boolean begins;
        try {
            begins = note(offset, length) && !busy;
            busy |= begins;
        } finally {
            lock.unlock();
        }
        if (begins) {
            begin();
        }
    }

    private void begin() {
        try {
            executor.execute(this::askForAll);
        } catch (RejectedExecutionException overloaded) {
            LOG.debug("nothing is {}: {}", done, overloaded.toString());
            lock.lock();
            try {
                refused();
                busy = false;
            } finally {
                lock.unlock();
            }
        }
    }

    private void askForAll() {
        for (Range range = take(); range != null; range = take()) {
            synchronized (open) {
                if (closed) {
                    return;
                }
                try {
                    call.ask(range.offset(), range.length());
                } catch (IOException failed) {
                    // Whoever reads it, or flushes it, is told if anything is lost.
                    LOG.debug("what is at {} is not {}: {}", range.offset(), done, failed.toString());
                }
            }
        }
    }

    private Range take() {
        lock.lock();
        try {
            Range range = next();
            busy = range != null;
            return range;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is asked for any more when it returns; may wait for what is being asked for. */
    final void close() {
        synchronized (open) {
            closed = true;
        }
    }
}
