package io.sluice.volume;

import java.util.function.Consumer;

/**
 * What the last store of a volume may have lost, which is lost for the next one too, also if that is one of another process:
 * initiators still count on what they flush next. It ends when the operator goes on with what is there. Guarded by its volume.
 */
final class Doubt {

    /** Null if there is none. */
    private String reason;

    private boolean trusting;

    /** Given what is not to be trusted from now on, or null. */
    private Consumer<String> keeper = kept -> {};

    /**
     * @param known what an earlier process has left; null if nothing
     * @param keeps what outlives this one
     */
    void remember(String known, Consumer<String> keeps) {
        because(known);
        keeper = keeps;
    }

    /** Returns what the next store is not trusted for; null if it is, as far as is known. */
    String reason() {
        return reason;
    }

    /** The next store comes from elsewhere, and is not trusted there; null if it is. */
    void because(String known) {
        if (known != null) {
            reason = known;
            keeper.accept(known);
        }
    }

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
            left(left);
        } else if (failure != null && Latch.losesData(failure)) {
            reason = "its storage was closed without being flushed: " + Replacement.message(failure);
            keeper.accept(reason);
        }
        if (current != null) {
            enter(current);
        }
    }

    /** A store makes room for another one, and nothing runs on it; what its close may fail with does not matter. */
    void left(OpenStore left) {
        if (left.latch().isShut()) {
            reason = left.latch().why();
        }
    }

    /** Another store is about to be used. */
    void enter(OpenStore next) {
        next.latch().listen(keeper);
        if (reason != null && !trusting) {
            next.latch().shut(reason);
        } else if (trusting && !next.latch().isShut()) {
            keeper.accept(null);
        }
        reason = null;
        trusting = false;
    }
}
