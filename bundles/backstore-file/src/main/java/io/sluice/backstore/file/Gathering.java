package io.sluice.backstore.file;

/**
 * Decides for how many writes the writer is woken. One write at a time is performed at once; when they come fast, each wake-up
 * would cost more than the write, and on a busy machine the writer would take the processor from the thread that is about to
 * bring the next. So it waits for as many as lately came by themselves, and tries for more from time to time. Of the writer only.
 */
final class Gathering {

    /** At most so many are gathered. */
    static final int MOST = 16;

    /** Writes that follow each other this soon, on average, are gathered; one at a time takes longer over any network. */
    private static final long SOON_NANOS = 25_000;

    /** After so many runs more are tried for. */
    private static final int RUNS = 64;

    private int limit = MOST;
    private int runs;
    private long lastEnd;

    /** @param nowNanos the present {@link System#nanoTime} */
    Gathering(long nowNanos) {
        lastEnd = nowNanos;
    }

    /**
     * Takes notice of the end of a run of writes.
     *
     * @param performed how many there were
     * @param tooFew whether the writer began because those that it waited for did not come
     * @return how many to wait for; 1 to begin with the next
     */
    int afterRun(int performed, boolean tooFew, long nowNanos) {
        long nanos = nowNanos - lastEnd;
        lastEnd = nowNanos;
        runs++;
        if (runs % RUNS == 0) {
            limit = MOST;
        } else if (tooFew) {
            limit = Math.min(MOST, Math.max(2, performed));
        }
        return performed * SOON_NANOS > nanos ? Math.min(limit, Math.max(2, 2 * performed)) : 1;
    }
}
