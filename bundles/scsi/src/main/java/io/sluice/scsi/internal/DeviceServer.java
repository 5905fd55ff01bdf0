package io.sluice.scsi.internal;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Capability;
import io.sluice.config.UnitIdentity;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Task;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.internal.mode.ModePages;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * The device server and task manager of one logical unit (SAM-5 4.7): checks a command against everything that can
 * refuse it, calls its handler, and keeps the unit's state. Thread-safe.
 */
public final class DeviceServer {

    private final String name;
    private final UnitIdentity identity;
    private final UnitOptions options;
    private final TaskSet taskSet = new TaskSet();
    private final UnitAttentions attentions = new UnitAttentions();
    private final ModePages modePages = new ModePages();
    private final RemovableMedium medium;
    private final BlockLimits limits;
    private volatile BlockGeometry geometry;
    private volatile Backstore store;

    /** See {@link io.sluice.scsi.LogicalUnit}. */
    public DeviceServer(String name, UnitIdentity identity, BlockGeometry geometry, UnitOptions options) {
        this.name = name;
        this.identity = identity;
        this.geometry = geometry;
        this.options = options;
        this.medium = new RemovableMedium(options.removable());
        this.limits = BlockLimits.of(geometry.blockSize());
    }

    /** Returns the name for logs. */
    public String name() {
        return name;
    }

    /** Returns designator and serial number. */
    public UnitIdentity identity() {
        return identity;
    }

    /** Returns how the unit presents itself. */
    public UnitOptions options() {
        return options;
    }

    /** Returns the capacity and block sizes. */
    public BlockGeometry geometry() {
        return geometry;
    }

    /** Returns the limits of the Block Limits page. */
    public BlockLimits limits() {
        return limits;
    }

    /** Returns the mode pages. */
    public ModePages modePages() {
        return modePages;
    }

    /** Returns the state of the medium. */
    public RemovableMedium medium() {
        return medium;
    }

    /** Returns whether logical block provisioning management is enabled (LBPME): UNMAP works and unused blocks are free. */
    public boolean provisioned() {
        return options.thin();
    }

    /** Returns whether sense data is to be in descriptor format. */
    public boolean descriptorSense() {
        return modePages.descriptorSense();
    }

    /** Returns whether writes through a mapping are refused. */
    public boolean writeProtected(LunMapping mapping) {
        return mapping.readOnly() || options.readOnly() || modePages.softwareWriteProtect();
    }

    TaskSet taskSet() {
        return taskSet;
    }

    /** Performs a command that was addressed to this unit. */
    public void execute(Task task, LunMapping mapping) {
        Execution execution = new Execution(this, task, mapping);
        taskSet.enter(execution);
        execution.proceed(null, () -> dispatch(execution));
    }

    private void dispatch(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        CommandDescriptor row = CommandTable.find(cdb);
        if (row == null || !row.traits().contains(CommandDescriptor.Trait.PASSES_UNIT_ATTENTION)) {
            reportUnitAttention(execution.nexus());
        }
        if (row == null || !row.supportedBy(this)) {
            throw new CheckConditionException(Sense.INVALID_COMMAND_OPERATION_CODE);
        }
        row.checkReservedBits(cdb);
        if (row.access() != Access.NONE) {
            execution.use(readyStore());
            if (row.access() == Access.WRITE && writeProtected(execution.mapping())) {
                throw new CheckConditionException(Sense.WRITE_PROTECTED);
            }
        }
        row.command().execute(execution);
    }

    private void reportUnitAttention(Nexus nexus) throws CheckConditionException {
        Sense condition = attentions.poll(nexus);
        if (condition != null) {
            throw new CheckConditionException(condition);
        }
    }

    private Backstore readyStore() throws CheckConditionException {
        if (!medium.loaded()) {
            throw new CheckConditionException(Sense.MEDIUM_NOT_PRESENT);
        }
        Backstore ready = store;
        if (ready == null) {
            throw new CheckConditionException(Sense.LOGICAL_UNIT_NOT_READY);
        }
        return ready;
    }

    /** Returns the store if the medium is there and ready, else null. */
    public Backstore storeIfReady() {
        return medium.loaded() ? store : null;
    }

    /** Returns and clears the next unit attention of a nexus, or null (REQUEST SENSE, SPC-5 6.39). */
    public Sense pollUnitAttention(Nexus nexus) {
        return attentions.poll(nexus);
    }

    /** Clears one unit attention of a nexus. */
    public void clearUnitAttention(Nexus nexus, Sense condition) {
        attentions.clear(nexus, condition);
    }

    /** Establishes a unit attention for every nexus but one. */
    public void attentionForOthers(Nexus except, Sense condition) {
        attentions.establish(condition, nexus -> nexus != except);
    }

    /** Establishes a unit attention for every nexus that matches. */
    public void attention(Predicate<Nexus> which, Sense condition) {
        attentions.establish(condition, which);
    }

    /** Takes notice of a nexus. */
    public void join(Nexus nexus) {
        attentions.join(nexus);
    }

    /** Ends a nexus: aborts its tasks and forgets what it had (SAM-5 6.3.4). */
    public CompletionStage<Void> forget(Nexus nexus) {
        CompletionStage<Void> ended = abortTasks(nexus);
        attentions.forget(nexus);
        medium.forget(nexus);
        return ended;
    }

    /** Aborts one task (SAM-5 7.2); null if it is not in the task set. */
    public CompletionStage<Void> abortTask(Task task) {
        Predicate<Execution> named = execution -> execution.task() == task;
        return taskSet.contains(named) ? taskSet.abort(named) : null;
    }

    /** Aborts the tasks of a nexus (SAM-5 7.3). */
    public CompletionStage<Void> abortTasks(Nexus nexus) {
        return taskSet.abort(execution -> execution.nexus() == nexus);
    }

    /** Aborts the tasks of all nexuses; the others than the asking one are told (SAM-5 7.5). */
    public CompletionStage<Void> clearTaskSet(Nexus asking) {
        attentions.establish(
                Sense.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR,
                nexus -> nexus != asking && taskSet.contains(execution -> execution.nexus() == nexus));
        return taskSet.abort(execution -> true);
    }

    /** Resets the unit (SAM-5 6.3.3): every nexus is told, the asking one as well. */
    public CompletionStage<Void> reset() {
        CompletionStage<Void> ended = taskSet.abort(execution -> true);
        modePages.reset();
        medium.reset();
        attentions.establish(Sense.BUS_DEVICE_RESET_FUNCTION_OCCURRED, nexus -> true);
        return ended;
    }

    /** Completes when the tasks that came through a mapping have ended. */
    public CompletionStage<Void> drained(LunInventory inventory, int lun) {
        return taskSet.drained(execution -> execution.mapping().inventory() == inventory
                && execution.mapping().lun() == lun);
    }

    /** See {@link io.sluice.scsi.LogicalUnit#attach}. */
    public void attach(Backstore newStore) {
        if (newStore.geometry().blockSize() != geometry.blockSize()) {
            throw new IllegalArgumentException("unit " + name + " has blocks of " + geometry.blockSize()
                    + " bytes, its backstore of " + newStore.geometry().blockSize());
        }
        if (provisioned() && !newStore.capabilities().contains(Capability.UNMAP)) {
            throw new IllegalArgumentException(
                    "unit " + name + " is thin, but its backstore cannot unmap: make it thick");
        }
        synchronized (this) {
            if (store != null) {
                throw new IllegalStateException("unit " + name + " has a backstore already");
            }
            store = newStore;
        }
        updateGeometry(newStore.geometry());
    }

    /** See {@link io.sluice.scsi.LogicalUnit#detach}. */
    public CompletionStage<Void> detach() {
        synchronized (this) {
            store = null;
        }
        // A task that took the store before it was cleared is in the task set already, so this waits for it.
        return taskSet.drained();
    }

    /** See {@link io.sluice.scsi.LogicalUnit#capacityChanged}. */
    public void capacityChanged() {
        Backstore attached = store;
        if (attached != null) {
            updateGeometry(attached.geometry());
        }
    }

    private void updateGeometry(BlockGeometry changed) {
        boolean capacity = changed.blocks() != geometry.blocks();
        geometry = changed;
        if (capacity) {
            attentions.establish(Sense.CAPACITY_DATA_HAS_CHANGED, nexus -> true);
        }
    }
}
