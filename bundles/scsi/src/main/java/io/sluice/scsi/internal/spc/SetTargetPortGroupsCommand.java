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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * SET TARGET PORT GROUPS (SPC-5 6.45): an initiator changes access states of ports that reach the unit. Where another gateway has
 * the unit too, a port that becomes active takes the medium from it; the ports of that one are changed through it alone.
 */
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
        execution.receiveParametersInAnyState((int) length, list -> {
            boolean take = false;
            for (int offset = HEADER; offset + DESCRIPTOR <= list.length; offset += DESCRIPTOR) {
                AccessState state = state(list, offset);
                requireRight(execution, group(execution, list, offset));
                take |= state.active();
            }
            if (take && execution.unit().access().shared()) {
                execution.thenUnlessStopped(taken(execution), () -> {
                    execution.unit().clearUnitAttention(execution.nexus(), Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
                    change(execution, list);
                });
            } else {
                change(execution, list);
            }
        });
    }

    private static CompletionStage<Void> taken(Execution execution) {
        return execution
                .unit()
                .access()
                .take()
                .exceptionallyCompose(failed -> CompletableFuture.failedFuture(
                        new CheckConditionException(Sense.SET_TARGET_PORT_GROUPS_COMMAND_FAILED)));
    }

    private static void change(Execution execution, byte[] list) throws CheckConditionException {
        for (int offset = HEADER; offset + DESCRIPTOR <= list.length; offset += DESCRIPTOR) {
            execution
                    .unit()
                    .ports()
                    .setAccessState(
                            group(execution, list, offset), state(list, offset), execution.nexus(), execution.unit());
        }
        execution.good();
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
        PortGroup group = execution.unit().ports().findOwn(number);
        if (group == null) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset + 2, -1));
        }
        return group;
    }
}
