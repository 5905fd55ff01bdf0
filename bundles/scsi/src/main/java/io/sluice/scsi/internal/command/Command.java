package io.sluice.scsi.internal.command;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.internal.task.Execution;

/** What a row of the table of commands does. Handlers have no state of their own. */
@FunctionalInterface
public interface Command {

    /**
     * Performs the command and ends the execution, now or later on any thread.
     *
     * @throws CheckConditionException to end it at once with sense data; nothing may be under way then
     */
    void execute(Execution execution) throws CheckConditionException;
}
