package io.sluice.backstore.ability;

import org.osgi.annotation.versioning.ConsumerType;

/** The store has operations wait on purpose, as one with a limit of its rate does. */
@ConsumerType
public interface Backlog {

    /**
     * Has everything begin that waits now: the store is about to be closed, or replaced, and no operation comes any more. Never
     * waits itself. Should operations come after all, they are treated as ever.
     */
    void hurry();
}
