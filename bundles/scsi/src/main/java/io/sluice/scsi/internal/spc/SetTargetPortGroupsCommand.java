package io.sluice.scsi.internal.spc;

import io.sluice.config.AccessState;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.NexusView;
import io.sluice.scsi.internal.unit.PortGroup;
import java.util.List;

/** SET TARGET PORT GROUPS (SPC-5 6.45): an initiator changes access states of ports that reach the unit. */
public final class SetTargetPortGroupsCommand implements Command {

    private static final int HEADER = 4;
    private static final int DESCRIPTOR = 4;
    private static final int MAX_LENGTH = HEADER + 64 * DESCRIPTOR;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        long length = CdbFormat.CDB12.length(execution.cdb());
        if (length > MAX_LENGTH || (length > 0 && length < HEADER)) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        execution.receiveParameters((int) length, list -> {
            for (int offset = HEADER; offset + DESCRIPTOR <= list.length; offset += DESCRIPTOR) {
                state(list, offset);
                requireRight(execution, group(execution, list, offset));
            }
            for (int offset = HEADER; offset + DESCRIPTOR <= list.length; offset += DESCRIPTOR) {
                execution
                        .unit()
                        .ports()
                        .setAccessState(group(execution, list, offset), state(list, offset), execution.nexus());
            }
            execution.good();
        });
    }

    /** The access state of another target's port hits all units of that one: its host has to have the right there, too. */
    private static void requireRight(Execution execution, PortGroup group) throws CheckConditionException {
        List<NexusView> views = execution
                .unit()
                .copyManager()
                .hosts()
                .sameAs(execution.mapping().view());
        if (views.stream()
                .noneMatch(
                        view -> view.nexus().rights().manage() && view.groups().contains(group))) {
            throw new CheckConditionException(Sense.ACCESS_DENIED_NO_ACCESS_RIGHTS);
        }
    }

    private static AccessState state(byte[] list, int offset) throws CheckConditionException {
        AccessState asked = AccessState.of(list[offset] & 0x0F);
        if (asked == null) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset, 3));
        }
        return asked;
    }

    private static PortGroup group(Execution execution, byte[] list, int offset) throws CheckConditionException {
        int number = Bytes.u16(list, offset + 2);
        PortGroup group = execution.unit().ports().find(number);
        if (group == null) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset + 2, -1));
        }
        return group;
    }
}
