package io.sluice.rest.action;

import io.sluice.config.ConfigException;
import io.sluice.rest.shape.RefusedException;
import java.util.Collection;

/** What becomes of what the gateway refuses: it says it in words, and HTTP in numbers. */
final class Refusals {

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int CHANGED = 412;
    private static final int NOT_PROCESSABLE = 422;
    private static final int BUG = 500;
    private static final int STOPPING = 503;

    private Refusals() {}

    static RefusedException absent(String kind, String name) {
        return new RefusedException(NOT_FOUND, "there is no " + kind + " " + name);
    }

    /**
     * Returns the refusal of a request.
     *
     * @param refused what the gateway says; it is for a value that cannot be, if that was the reason
     * @param names what the path names: if one of these is not there, it is the resource itself
     */
    static RefusedException of(ConfigException refused, Collection<String> names) {
        int status =
                switch (refused.kind()) {
                    case NOT_FOUND -> names.contains(refused.missing()) ? NOT_FOUND : NOT_PROCESSABLE;
                    case INVALID -> NOT_PROCESSABLE;
                    case CHANGED -> CHANGED;
                    case CONFLICT, GOES_ON -> CONFLICT;
                    case BUG -> BUG;
                    case STOPPING -> STOPPING;
                };
        // The words of a bug are for the log: nobody has chosen them.
        String words = status == BUG ? "a bug: the log of the gateway has more" : String.valueOf(refused.getMessage());
        return new RefusedException(status, words);
    }

    /** Returns the refusal of a change of what is not as the caller knows it. */
    static RefusedException changed() {
        return new RefusedException(
                CHANGED,
                "it is not what it was when it was read: somebody has changed it. Read it again, and then change that");
    }

    /** Returns the refusal of a value that cannot be. */
    static RefusedException of(IllegalArgumentException wrong) {
        return new RefusedException(NOT_PROCESSABLE, wrong.getMessage());
    }
}
