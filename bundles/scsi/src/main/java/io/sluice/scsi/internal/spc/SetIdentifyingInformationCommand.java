package io.sluice.scsi.internal.spc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.SharedAttention;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** SET IDENTIFYING INFORMATION (SPC-5 6.44): kept with the unit; an empty one removes it. */
public final class SetIdentifyingInformationCommand implements Command {

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        IdentifyingInformation type = IdentifyingInformation.of(cdb[10] >> 1 & 0x7F);
        if (type == null) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(10, 7));
        }
        long length = CdbFormat.CDB12.length(cdb);
        if (length > type.maximumLength()) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(6, -1));
        }
        if (length == 0) {
            set(execution, type, new byte[0]);
        } else {
            execution.receiveParameters((int) length, list -> set(execution, type, list));
        }
    }

    private static void set(Execution execution, IdentifyingInformation type, byte[] information) {
        SharedAttention told = SharedAttention.forOthers(execution.nexus(), Sense.IDENTIFYING_INFORMATION_CHANGED);
        CompletionStage<Void> saved = execution
                .unit()
                .durable()
                .update(
                        state -> changed(state, type, information),
                        () -> execution.unit().attention(told));
        execution.thenUnlessStopped(saved, execution::good);
    }

    private static UnitState changed(UnitState state, IdentifyingInformation type, byte[] information) {
        Map<Integer, String> changed = new TreeMap<>(state.identifyingInformation());
        if (information.length == 0) {
            changed.remove(type.code());
        } else {
            changed.put(type.code(), HexFormat.of().formatHex(information));
        }
        return state.withIdentifyingInformation(changed);
    }
}
