package io.sluice.scsi.internal.spc;

import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.task.Execution;

/** TEST UNIT READY (SPC-5 6.47): its row asks for a medium, and that is all there is to test. */
public final class TestUnitReadyCommand implements Command {

    @Override
    public void execute(Execution execution) {
        execution.good();
    }
}
