package io.sluice.scsi.internal.sbc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.UnitState.Erasure;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.MediumErasure;
import io.sluice.volume.Volume;
import java.util.Arrays;
import java.util.HexFormat;

/** SANITIZE (SBC-4 5.30): one object for each service action. */
public final class SanitizeCommand implements Command {

    private static final int AUSE = 0x20;
    private static final int HEADER = 4;
    private static final int INVERT = 0x80;
    private static final int OVERWRITE_COUNT = 0x1F;

    private final int serviceAction;

    /** @param serviceAction OVERWRITE, BLOCK ERASE or CRYPTOGRAPHIC ERASE of {@link MediumErasure} */
    public SanitizeCommand(int serviceAction) {
        this.serviceAction = serviceAction;
    }

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        Volume store = execution.unit().requireStore(execution.mapping());
        int blockSize = store.geometry().blockSize();
        int length = (int) CdbFormat.CDB10.length(cdb);
        boolean unrestricted = (cdb[1] & AUSE) != 0;
        if (serviceAction != MediumErasure.OVERWRITE) {
            if (length != 0) {
                throw new CheckConditionException(SenseData.invalidFieldInCdb(7, -1));
            }
            BackgroundStart.begin(execution, store, new Erasure(serviceAction, "", 1, false, unrestricted, false));
            return;
        }
        if (length <= HEADER || length > HEADER + blockSize) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(7, -1));
        }
        execution.receiveParameters(
                length, list -> BackgroundStart.begin(execution, store, overwrite(list, blockSize, unrestricted)));
    }

    private static Erasure overwrite(byte[] list, int blockSize, boolean unrestricted) throws CheckConditionException {
        int passes = list[0] & OVERWRITE_COUNT;
        int patternLength = Bytes.u16(list, 2);
        if (passes == 0) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(0, 4));
        }
        if (patternLength == 0 || patternLength > blockSize || patternLength != list.length - HEADER) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(2, -1));
        }
        String pattern = HexFormat.of().formatHex(Arrays.copyOfRange(list, HEADER, list.length));
        return new Erasure(MediumErasure.OVERWRITE, pattern, passes, (list[0] & INVERT) != 0, unrestricted, false);
    }
}
