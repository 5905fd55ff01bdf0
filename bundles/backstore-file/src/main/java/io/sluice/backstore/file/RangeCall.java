package io.sluice.backstore.file;

import java.io.IOException;

/**
 * A call on a range that a file system may not know. Only its saying so (EOPNOTSUPP) counts for all later ones; any other
 * failure concerns one call. Thread-safe.
 */
final class RangeCall {

    /** The call itself. */
    @FunctionalInterface
    interface Action {
        void apply(long offset, long length) throws IOException;
    }

    private final Action action;
    private final Runnable onUnknown;
    private volatile boolean known;

    /**
     * @param action what is called; null where that cannot be done at all
     * @param onUnknown run once, when the file system has said that it does not know the call
     */
    RangeCall(Action action, Runnable onUnknown) {
        this.action = action;
        this.onUnknown = onUnknown;
        this.known = action != null;
    }

    boolean isKnown() {
        return known;
    }

    /** Returns whether the file system knows the call, and has done it then. */
    boolean tryOn(long offset, long length) throws IOException {
        if (!known) {
            return false;
        }
        try {
            action.apply(offset, length);
            return true;
        } catch (NotSupportedException unknown) {
            if (known) {
                known = false;
                onUnknown.run();
            }
            return false;
        }
    }
}
