package io.sluice.scsi.internal.spc;

import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.task.Execution;

/** REQUEST SENSE (SPC-5 6.39): a pending unit attention, which is cleared by that, else the state of the unit. */
public final class RequestSenseCommand implements Command {

    private static final int DESC = 0x01;

    @Override
    public void execute(Execution execution) {
        byte[] cdb = execution.cdb();
        Sense sense = execution.unit().pollUnitAttention(execution.nexus());
        SenseData data = sense == null ? state(execution) : SenseData.of(sense);
        execution.respond(data.encode((cdb[1] & DESC) != 0), cdb[4] & 0xFF);
    }

    private static SenseData state(Execution execution) {
        if (!execution.unit().medium().loaded()) {
            return SenseData.of(Sense.MEDIUM_NOT_PRESENT);
        }
        if (execution.unit().storeIfReady() == null) {
            return SenseData.of(Sense.LOGICAL_UNIT_NOT_READY);
        }
        SenseData erasure = execution.unit().erasure().state();
        return erasure == null ? SenseData.of(Sense.NO_ADDITIONAL_SENSE) : erasure;
    }
}
