package io.sluice.scsi.internal.sbc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.reservation.UnderReservation;
import io.sluice.scsi.internal.task.Execution;

/** PREVENT ALLOW MEDIUM REMOVAL (SBC-4 5.15). */
public final class PreventAllowMediumRemovalCommand implements Command {

    private static final int PREVENT = 0x01;
    private static final int OBSOLETE = 0x02;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        int prevent = execution.cdb()[4] & 0x03;
        if (prevent >= OBSOLETE) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(4, 1));
        }
        if (prevent == PREVENT
                && !execution.unit().reservations().allows(execution.nexus(), UnderReservation.CONFLICTS)) {
            execution.reservationConflict();
            return;
        }
        execution.unit().medium().prevent(execution.nexus(), prevent == PREVENT);
        execution.good();
    }
}
