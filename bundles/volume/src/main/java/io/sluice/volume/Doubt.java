package io.sluice.volume;

/**
 * What the last store of a volume may have lost, which is lost for the next one too: initiators still count on what they
 * flush next. It ends when the operator goes on with what is there. Guarded by its volume.
 */
final class Doubt {

    /** Null if there is none. */
    private String reason;

    private boolean trusting;

    /** The operator goes on with what the next store has. */
    void trust() {
        trusting = true;
    }

    /**
     * A store has been closed; only then is it known how all its flushes have ended.
     *
     * @param failure what its close has failed with, or null
     * @param current the store in use by now, or null
     */
    void closed(OpenStore left, Throwable failure, OpenStore current) {
        if (left.latch().isShut()) {
            reason = left.latch().why();
        } else if (failure != null && Latch.losesData(failure)) {
            reason = "its storage was closed without being flushed: " + Replacement.message(failure);
        }
        if (current != null) {
            enter(current);
        }
    }

    /** Another store is about to be used. */
    void enter(OpenStore next) {
        if (reason != null && !trusting) {
            next.latch().shut(reason);
        }
        reason = null;
        trusting = false;
    }
}
