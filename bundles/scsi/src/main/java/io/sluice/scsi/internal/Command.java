package io.sluice.scsi.internal;

import io.sluice.scsi.CheckConditionException;

/** What a row of the {@link CommandTable} does. Handlers have no state of their own. */
@FunctionalInterface
public interface Command {

    /**
     * Performs the command and ends the execution, now or later on any thread.
     *
     * @throws CheckConditionException to end it at once with sense data; nothing may be under way then
     */
    void execute(Execution execution) throws CheckConditionException;
}
