package io.sluice.scsi.target;

import io.sluice.scsi.Lun;
import io.sluice.scsi.Task;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TaskManagementResponse;
import io.sluice.scsi.internal.server.DeviceServer;
import io.sluice.scsi.internal.task.Ending;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.scsi.internal.unit.Host;
import io.sluice.scsi.internal.unit.LunMapping;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Task management functions (SAM-5 7) on behalf of a nexus. */
final class TaskFunctions {

    private TaskFunctions() {}

    /** See {@link ScsiTarget#permits}. */
    static boolean permits(TaskManagementFunction function, TargetNexus nexus, Collection<TargetNexus> ofTarget) {
        if (function != TaskManagementFunction.TARGET_RESET || nexus.rights().manage()) {
            return true;
        }
        Host host = Host.of(nexus);
        return ofTarget.stream().allMatch(other -> Host.of(other).equals(host))
                && nexus.servers().stream().noneMatch(server -> isReachedByAnother(server.unit(), host));
    }

    private static boolean isReachedByAnother(BlockDevice unit, Host host) {
        return unit.views().stream()
                .anyMatch(
                        view -> view.nexus().isOpen() && !Host.of(view.nexus()).equals(host) && view.reaches(unit));
    }

    /** See {@link ScsiTarget#manage}. */
    static CompletionStage<TaskManagementResponse> manage(
            TaskManagementFunction function, TargetNexus nexus, long lun, Task task) {
        if (function == TaskManagementFunction.TARGET_RESET) {
            List<DeviceServer> units = nexus.servers();
            return completed(
                    units,
                    Ending.all(units.stream().map(unit -> unit.reset(nexus)).toList()));
        }
        LunMapping mapping = nexus.mapping(Lun.decode(lun));
        if (mapping == null) {
            return answered(TaskManagementResponse.INCORRECT_LUN);
        }
        DeviceServer unit = TargetNexus.server(mapping);
        List<DeviceServer> concerned = List.of(unit);
        return switch (function) {
            case ABORT_TASK -> abort(unit, task);
            case ABORT_TASK_SET -> completed(concerned, unit.taskManager().abortTasks(nexus));
            case CLEAR_TASK_SET -> completed(concerned, unit.taskManager().clearTaskSet(nexus));
            case LOGICAL_UNIT_RESET -> completed(concerned, unit.reset(nexus));
            case CLEAR_ACA, TARGET_RESET -> answered(TaskManagementResponse.FUNCTION_NOT_SUPPORTED);
        };
    }

    private static CompletionStage<TaskManagementResponse> abort(DeviceServer unit, Task task) {
        CompletionStage<Ending> ended = task == null ? null : unit.taskManager().abortTask(task);
        return ended == null ? answered(TaskManagementResponse.TASK_DOES_NOT_EXIST) : completed(List.of(), ended);
    }

    /** A function over all tasks is not complete either while an operation of an earlier one may still be at the medium. */
    private static CompletionStage<TaskManagementResponse> completed(
            List<DeviceServer> concerned, CompletionStage<Ending> ended) {
        return ended.thenApply(ending -> {
            boolean fenced =
                    concerned.stream().anyMatch(server -> server.unit().volume().fenced());
            return ending == Ending.GIVEN_UP || fenced
                    ? TaskManagementResponse.FUNCTION_REJECTED
                    : TaskManagementResponse.FUNCTION_COMPLETE;
        });
    }

    private static CompletionStage<TaskManagementResponse> answered(TaskManagementResponse response) {
        return CompletableFuture.completedFuture(response);
    }
}
