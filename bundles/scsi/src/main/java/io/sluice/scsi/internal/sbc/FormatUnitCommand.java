package io.sluice.scsi.internal.sbc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.UnitState.Erasure;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.MediumErasure;
import io.sluice.volume.Volume;

/**
 * FORMAT UNIT (SBC-4 5.5): makes all blocks zeros, and on a thin unit gives them back. There are no defect lists and no
 * protection information.
 */
public final class FormatUnitCommand implements Command {

    private static final int FMTDATA = 0x10;
    private static final int LONGLIST = 0x20;
    private static final int IMMED = 0x02;

    /** IP, an obsolete bit and a vendor's: what would have to be done and cannot be. */
    private static final int REFUSED = 0x0D;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        Volume store = execution.unit().requireStore(execution.mapping());
        int flags = execution.cdb()[1];
        if ((flags & FMTDATA) == 0) {
            begin(execution, store, false);
            return;
        }
        int length = (flags & LONGLIST) != 0 ? 8 : 4;
        execution.receiveParameters(length, list -> {
            check(list);
            begin(execution, store, (list[1] & IMMED) != 0);
        });
    }

    private static void check(byte[] list) throws CheckConditionException {
        if ((list[0] & 0x07) != 0) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(0, 2));
        }
        if ((list[1] & REFUSED) != 0) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(1, -1));
        }
        long defects = list.length == 4 ? Bytes.u16(list, 2) : Bytes.u32(list, 4);
        if (defects != 0) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(list.length == 4 ? 2 : 4, -1));
        }
    }

    private static void begin(Execution execution, Volume store, boolean immediate) throws CheckConditionException {
        Erasure erasure = new Erasure(MediumErasure.FORMAT, "", 1, false, true, false);
        BackgroundStart.begin(execution, store, erasure, immediate);
    }
}
