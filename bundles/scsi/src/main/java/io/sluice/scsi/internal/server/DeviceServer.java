package io.sluice.scsi.internal.server;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.Task;
import io.sluice.scsi.internal.command.Access;
import io.sluice.scsi.internal.command.CommandDescriptor;
import io.sluice.scsi.internal.command.CommandDescriptor.Trait;
import io.sluice.scsi.internal.command.CommandSet;
import io.sluice.scsi.internal.task.Dispatcher;
import io.sluice.scsi.internal.task.Ending;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.task.TaskManager;
import io.sluice.scsi.internal.task.TaskSet;
import io.sluice.scsi.internal.task.UnitTasks;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.scsi.internal.unit.LunMapping;
import io.sluice.scsi.internal.unit.LunTraffic;
import io.sluice.scsi.internal.unit.NexusView;
import io.sluice.scsi.internal.unit.TaskServer;
import io.sluice.scsi.internal.unit.UnitAccess;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The device server of one logical unit (SAM-5 4.7): checks a command against everything that can refuse it, and calls its
 * handler; and leads what concerns both the unit and its tasks. Thread-safe.
 */
public final class DeviceServer implements Nexus.Keeper, TaskServer, Dispatcher {

    private final CommandSet commands;
    private final BlockDevice unit;
    private final UnitTasks tasks;

    /** @param commands what can be asked of the unit */
    public DeviceServer(CommandSet commands, BlockDevice unit) {
        TaskSet set = new TaskSet();
        this.commands = commands;
        this.unit = unit;
        unit.volume().addClaims(set.blockClaims());
        this.tasks = new UnitTasks(unit, set, this);
    }

    /** Returns the unit. */
    public BlockDevice unit() {
        return unit;
    }

    /** Returns what aborts tasks. */
    public TaskManager taskManager() {
        return tasks.manager();
    }

    /** Returns how many commands that came through a LUN have not been answered. */
    public int underWay(LunTraffic lun) {
        return tasks.underWay(lun);
    }

    @Override
    public void execute(Task task, LunMapping mapping) {
        tasks.execute(task, mapping);
    }

    @Override
    public Runnable executeInternally(Task task, LunMapping mapping, short era, boolean part) {
        return tasks.executeInternally(task, mapping, era, part);
    }

    @Override
    public void dispatch(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        CommandDescriptor row = commands.find(cdb);
        if (!execution.internal() && (row == null || !row.has(Trait.PASSES_UNIT_ATTENTION))) {
            unit.reportPending(execution.nexus());
        }
        if (row == null || !row.supportedBy(unit)) {
            throw new CheckConditionException(
                    commands.hasServiceActions(cdb[0] & 0xFF)
                            ? SenseData.invalidFieldInCdb(1, 4)
                            : SenseData.of(Sense.INVALID_COMMAND_OPERATION_CODE));
        }
        if (!row.allowedTo(execution.nexus())) {
            throw new CheckConditionException(Sense.ACCESS_DENIED_NO_ACCESS_RIGHTS);
        }
        UnitAccess access = unit.access();
        if (access.shared()
                && !execution.internal()
                && (row.has(Trait.IN_ANY_ACCESS_STATE) || row.has(Trait.NEEDS_OTHERS))
                && !row.has(Trait.PASSES_UNIT_ATTENTION)) {
            execution.thenUnlessStopped(access.refreshed(row.has(Trait.NEEDS_OTHERS)), () -> perform(row, execution));
        } else {
            perform(row, execution);
        }
    }

    /** What another gateway says of the unit is known by now, as far as the command has to do with it. */
    private void perform(CommandDescriptor row, Execution execution) throws CheckConditionException {
        if (unit.access().standby()) {
            if (row.has(Trait.CHANGES_STATE) && !execution.internal()) {
                Forwarding.forward(row, execution);
                return;
            }
            if (!row.has(Trait.IN_ANY_ACCESS_STATE) || row.has(Trait.CHANGES_STATE)) {
                throw new CheckConditionException(Sense.ACCESS_STATE_STANDBY);
            }
        }
        if (!unit.reservations().allows(execution.nexus(), row.underReservation())) {
            execution.reservationConflict();
            return;
        }
        row.checkReservedBits(execution.cdb());
        if (row.has(Trait.NEEDS_RIGHT_TO_WRITE)) {
            execution.needsRightToWrite();
        }
        if (!row.has(Trait.IN_ANY_ACCESS_STATE)) {
            requireActive(execution);
        }
        if (row.access() != Access.NONE) {
            execution.use(unit.readyStore(), row.access() == Access.WRITE);
            if (row.access() == Access.WRITE && unit.writeProtected(execution.mapping())) {
                throw new CheckConditionException(Sense.WRITE_PROTECTED);
            }
        }
        row.command().execute(execution);
    }

    private static void requireActive(Execution execution) throws CheckConditionException {
        switch (execution.mapping().view().group().state()) {
            case STANDBY -> throw new CheckConditionException(Sense.ACCESS_STATE_STANDBY);
            case UNAVAILABLE -> throw new CheckConditionException(Sense.ACCESS_STATE_UNAVAILABLE);
            case ACTIVE_OPTIMIZED, ACTIVE_NON_OPTIMIZED -> {
                return;
            }
        }
    }

    /** Performs a command that came through another gateway; see {@link io.sluice.scsi.target.LogicalUnit#perform}. */
    public CompletionStage<RemoteCommand.Answer> perform(RemoteCommand command) {
        CommandDescriptor row = commands.find(command.cdb());
        if (row == null || !row.has(Trait.CHANGES_STATE)) {
            return CompletableFuture.completedFuture(RemoteTask.refusal(Sense.INVALID_COMMAND_OPERATION_CODE));
        }
        return RemoteTask.perform(command, unit, this);
    }

    @Override
    public boolean movesBlocks(byte[] cdb) {
        CommandDescriptor row = commands.find(cdb);
        return row != null && row.has(Trait.MOVES_BLOCKS);
    }

    @Override
    public String name(byte[] cdb) {
        CommandDescriptor row = commands.find(cdb);
        return row == null ? String.format("opcode %02xh", cdb[0]) : row.name();
    }

    /** Takes notice of a nexus that sees the unit, and of its end when it comes. */
    public void join(NexusView view) {
        unit.join(view);
        view.nexus().keptBy(this);
    }

    @Override
    public CompletionStage<Ending> forget(Nexus nexus) {
        CompletionStage<Ending> ended = tasks.manager().abortTasks(nexus);
        unit.forget(nexus);
        // A task that was not to be stopped any more may have left something behind.
        return ended.whenComplete((ending, failure) -> unit.forget(nexus));
    }

    /** Resets the unit (SAM-5 6.3.3): every nexus is told, the asking one as well. */
    public CompletionStage<Ending> reset(Nexus asking) {
        CompletionStage<Ending> ended = tasks.manager().abortAll(asking);
        CompletionStage<Void> stable = unit.reset();
        return ended.thenCompose(ending -> stable.thenApply(done -> ending));
    }

    /**
     * Ends the tasks that came through mappings which are gone.
     *
     * @return completes when they have ended; none comes through such a mapping any more
     */
    public CompletionStage<Ending> endGone() {
        return tasks.evictGone();
    }
}
