package io.sluice.scsi.internal.task;

import io.sluice.scsi.CheckConditionException;

/** Knows the commands, for those below who do not. */
public interface Dispatcher {

    /** Checks a command whose turn has come against everything that can refuse it, and calls its handler. */
    void dispatch(Execution execution) throws CheckConditionException;

    /** Returns whether a command moves blocks, or changes them, so that a limit of its initiator counts it. */
    boolean movesBlocks(byte[] cdb);

    /** Returns the name of a command, for logs. */
    String name(byte[] cdb);
}
