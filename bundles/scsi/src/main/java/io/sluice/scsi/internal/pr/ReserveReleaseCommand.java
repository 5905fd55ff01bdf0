package io.sluice.scsi.internal.pr;

import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.reservation.Reservations;
import io.sluice.scsi.internal.task.Execution;

/** RESERVE(6), RESERVE(10), RELEASE(6) and RELEASE(10) (SPC-2 7.18 to 7.22), of the whole unit only. */
public final class ReserveReleaseCommand implements Command {

    private final boolean reserve;

    /** @param reserve whether it is RESERVE, else RELEASE */
    public ReserveReleaseCommand(boolean reserve) {
        this.reserve = reserve;
    }

    @Override
    public void execute(Execution execution) {
        Reservations reservations = execution.unit().reservations();
        try {
            if (reserve) {
                reservations.reserve(execution.nexus());
            } else {
                reservations.release(execution.nexus());
            }
            execution.good();
        } catch (Reservations.ConflictException conflict) {
            execution.reservationConflict();
        }
    }
}
