package io.sluice.backstore.nbd.client;

/**
 * Finds the thread from which most requests come, by votes: each speaks for its thread and against the candidate of the others.
 * Two threads that ask as often as each other decide nothing for long. Used on one event loop.
 */
final class Origins {

    /** So many more requests than from all others together. */
    static final int MAJORITY = 512;

    private Thread candidate;
    private int votes;

    /** A request has come. */
    void from(Thread thread) {
        if (thread == candidate) {
            votes = Math.min(votes + 1, MAJORITY);
        } else if (votes > 0) {
            votes--;
        } else {
            candidate = thread;
            votes = 1;
        }
    }

    /** Returns the thread from which most requests come, or null if that is not clear. */
    Thread majority() {
        return votes == MAJORITY ? candidate : null;
    }
}
