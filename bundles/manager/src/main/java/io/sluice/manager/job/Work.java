package io.sluice.manager.job;

import java.util.OptionalDouble;

/** What is known of work besides when it is over. Any thread may ask; nothing here waits. */
public interface Work {

    /** Work that nobody knows more of. */
    Work PLAIN = new Work() {};

    /** Returns how far it is, from 0 to 1; empty if nobody knows. */
    default OptionalDouble progress() {
        return OptionalDouble.empty();
    }

    /** Returns what it waits for, one line; empty if nothing is wrong. */
    default String problem() {
        return "";
    }

    /** Returns why it cannot be cancelled, for users; empty if it can. */
    default String lasting() {
        return "what it has begun is done to its end";
    }

    /** Asks it to end soon. It fails then, unless its end was there before. */
    default void cancel() {}
}
