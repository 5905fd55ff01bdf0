package io.sluice.manager.history;

import java.util.concurrent.Callable;

/**
 * Who makes a change, and why. It goes with the change from thread to thread, so that what is written down in the end knows it.
 *
 * @param who as the audit log has it
 * @param why in his words, or what he asked for
 */
public record Author(String who, String why) {

    /** What the gateway does by itself. */
    public static final Author GATEWAY = new Author("gateway", "by itself");

    /** Nothing stays in a thread of somebody else, which may live longer than this bundle. */
    private static final ThreadLocal<Author> CURRENT = new ThreadLocal<>();

    /** Returns for whom this thread works now. */
    public static Author current() {
        Author author = CURRENT.get();
        return author == null ? GATEWAY : author;
    }

    /** Does something for this author. */
    public <T> T call(Callable<T> work) throws Exception {
        Author before = CURRENT.get();
        CURRENT.set(this);
        try {
            return work.call();
        } finally {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }

    /** Returns the same with a reason of his own; without one, the reason is what he asked for. */
    public Author because(String reason) {
        return reason.isBlank() ? this : new Author(who, reason);
    }
}
