package io.sluice.manager;

import java.io.IOException;

/** Who keeps the moves that are under way. */
interface MoveKeeper {

    /** What changes the files of a move. */
    @FunctionalInterface
    interface Writing {
        void write() throws IOException;
    }

    /** It has no new storage now, and begins when somebody opens it. */
    void waits(Move move);

    /** It is over; what it has used is needed no more. */
    void over(Move move);

    /**
     * Has something written down, or removed.
     *
     * @return false, and nothing was done, if the files may be another gateway's by now
     */
    boolean write(Writing writing) throws IOException;
}
