package io.sluice.scsi.internal.sbc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.reservation.UnderReservation;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.volume.Volume;

/**
 * START STOP UNIT (SBC-4 5.31): loads and ejects a removable medium, and flushes on a stop. A stopped unit stays ready:
 * there is no motor, and power conditions change nothing.
 */
public final class StartStopUnitCommand implements Command {

    private static final int START = 0x01;
    private static final int LOEJ = 0x02;
    private static final int NO_FLUSH = 0x04;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        execution.unit().erasure().requireNone();
        int flags = execution.cdb()[4];
        boolean powerCondition = (flags & 0xF0) != 0;
        boolean start = (flags & START) != 0;
        if ((powerCondition || !start)
                && !execution.unit().reservations().allows(execution.nexus(), UnderReservation.CONFLICTS)) {
            execution.reservationConflict();
            return;
        }
        if (powerCondition) {
            execution.good();
            return;
        }
        Volume store = execution.unit().storeIfReady();
        if ((flags & LOEJ) != 0) {
            loadOrEject(execution, start);
        }
        if (!start && (flags & NO_FLUSH) == 0 && store != null) {
            execution.endAfter(store.flush());
        } else {
            execution.good();
        }
    }

    private static void loadOrEject(Execution execution, boolean load) throws CheckConditionException {
        if (!execution.unit().medium().removable()) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(4, 1));
        }
        boolean changed = execution.unit().medium().setLoaded(load);
        if (changed && load) {
            execution.unit().attentionForOthers(execution.nexus(), Sense.MEDIUM_MAY_HAVE_CHANGED);
        }
    }
}
