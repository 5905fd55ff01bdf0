package io.sluice.scsi.internal.task;

import io.sluice.scsi.CheckConditionException;

/** Knows the commands, for those below who do not. */
public interface Dispatcher {

    /** Checks a command whose turn has come against everything that can refuse it, and calls its handler. */
    void dispatch(Execution execution) throws CheckConditionException;

    /** Returns the name of a command, for logs. */
    String name(byte[] cdb);
}
