package io.sluice.scsi.target;

import io.sluice.config.AccessState;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Lun;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.Task;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TaskManagementResponse;
import io.sluice.scsi.internal.server.AbsentUnit;
import io.sluice.scsi.internal.server.DeviceServer;
import io.sluice.scsi.internal.task.Ending;
import io.sluice.scsi.internal.unit.LunMapping;
import io.sluice.scsi.internal.unit.PortGroup;
import io.sluice.scsi.internal.unit.TargetDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A SCSI target device (SAM-5 4.6): routes tasks to logical units and knows its I_T nexuses. Transports find it by
 * {@link #name}; whoever composes the gateway maps logical units into it at any time.
 *
 * <p>Thread-safe.
 */
public final class ScsiTarget {

    private static final Mapped[] NONE = new Mapped[0];

    private final String name;
    private final Set<Nexus> nexuses = ConcurrentHashMap.newKeySet();
    private final TargetDevice device = new Device();
    private volatile boolean enabled = true;
    private volatile boolean retired;

    /** Replaced as a whole when the ports change. */
    private volatile List<PortGroup> groups = List.of();

    /** Indexed by LUN, with gaps; replaced as a whole when a mapping changes. */
    private volatile Mapped[] mappings = NONE;

    /** A mapping, and who serves it. */
    private record Mapped(LunMapping mapping, DeviceServer server) {}

    /** @param name iSCSI name */
    public ScsiTarget(String name) {
        this.name = Objects.requireNonNull(name);
    }

    /** Returns the iSCSI name. */
    public String name() {
        return name;
    }

    /** Returns whether new nexuses are accepted and the target is to be listed by discovery. */
    public boolean enabled() {
        return enabled;
    }

    /** Accepts or refuses new nexuses; those that exist are not touched. */
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    /** Accepts no nexus any more, for good: the target goes. Those that exist are closed by who has opened them. */
    public synchronized void retire() {
        retired = true;
    }

    /**
     * A port of the target.
     *
     * @param groupTag target portal group tag
     * @param number relative target port identifier and target port group; of no other port of the gateway
     * @param accessState asymmetric access state of the units through this port
     */
    public record Port(int groupTag, int number, AccessState accessState) {}

    /** Returns the ports with their present states, which initiators may have changed. */
    public List<Port> ports() {
        return groups.stream()
                .map(group -> new Port(group.port().groupTag(), group.port().number(), group.state()))
                .toList();
    }

    /**
     * Sets the ports and their access states, as the operator wants them; initiators are told. A port that a nexus is opened
     * through and that was not set is there from then on, active and optimized.
     */
    public synchronized void setPorts(List<Port> ports) {
        List<PortGroup> changed = new ArrayList<>();
        boolean tell = ports.size() != groups.size();
        for (Port port : ports) {
            TargetPort wanted = new TargetPort(name, port.groupTag(), port.number());
            PortGroup group = group(wanted);
            if (group == null) {
                group = new PortGroup(wanted, port.accessState());
                tell = true;
            }
            tell |= group.change(port.accessState(), PortGroup.CHANGED_IMPLICITLY);
            changed.add(group);
        }
        groups = List.copyOf(changed);
        if (tell) {
            announceAccess(null);
        }
    }

    private PortGroup group(TargetPort port) {
        for (PortGroup group : groups) {
            if (group.port().equals(port) && group.port().number() == port.number()) {
                return group;
            }
        }
        return null;
    }

    private synchronized void changeAccessState(PortGroup group, AccessState state, Nexus by) {
        if (group.change(state, PortGroup.CHANGED_BY_INITIATOR)) {
            announceAccess(by);
        }
    }

    private void announceAccess(Nexus except) {
        for (DeviceServer server : servers()) {
            server.unit().attentionForOthers(except, Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        }
    }

    /**
     * Maps a logical unit; initiators are told that the list of LUNs changed.
     *
     * @param lun 0 to {@link Lun#MAX}
     * @param readOnly whether writes through this mapping are refused
     * @throws IllegalStateException if the LUN is in use
     */
    public synchronized void map(int lun, LogicalUnit unit, boolean readOnly) {
        if (lun < 0 || lun > Lun.MAX) {
            throw new IllegalArgumentException("LUN " + lun);
        }
        if (mapped(lun) != null) {
            throw new IllegalStateException("LUN " + lun + " of " + name + " is in use");
        }
        Mapped[] changed = Arrays.copyOf(mappings, Math.max(mappings.length, lun + 1));
        DeviceServer server = unit.server();
        changed[lun] = new Mapped(new LunMapping(lun, server.unit(), server, readOnly, device), server);
        mappings = changed;
        nexuses.forEach(server::join);
        announceChange(lun);
    }

    /**
     * Removes a mapping; initiators are told. Commands that came through it and have not begun at the store end with LOGICAL
     * UNIT NOT SUPPORTED; operations of the store that run are awaited.
     *
     * @return completes when no command that came through the mapping runs any more, or what is left was given up
     */
    public CompletionStage<Void> unmap(int lun) {
        Mapped removed = remove(lun);
        return removed == null
                ? CompletableFuture.completedFuture(null)
                : removed.server().unmapped(removed.mapping()).thenAccept(ended -> {});
    }

    private synchronized Mapped remove(int lun) {
        Mapped removed = mapped(lun);
        if (removed != null) {
            Mapped[] changed = mappings.clone();
            changed[lun] = null;
            mappings = changed;
            announceChange(lun);
        }
        return removed;
    }

    private void announceChange(int exceptLun) {
        for (Mapped mapped : mappings) {
            if (mapped != null && mapped.mapping().lun() != exceptLun) {
                mapped.server().unit().attention(nexuses::contains, Sense.REPORTED_LUNS_DATA_HAS_CHANGED);
            }
        }
    }

    /**
     * Begins an I_T nexus. Every logical unit then has a unit attention for it that it is new. The transport sees to it
     * that the same two ports have one nexus at a time.
     *
     * @param rights what it may do
     * @throws TargetUnavailableException if the target has gone or was disabled, however long ago it was looked up
     */
    public synchronized Nexus open(InitiatorPort initiatorPort, TargetPort targetPort, NexusRights rights)
            throws TargetUnavailableException {
        if (retired || !enabled) {
            throw new TargetUnavailableException(
                    "target " + name + (retired ? " is no longer there" : " is disabled"), retired);
        }
        if (group(targetPort) == null) {
            List<PortGroup> more = new ArrayList<>(groups);
            more.add(new PortGroup(targetPort, AccessState.ACTIVE_OPTIMIZED));
            groups = List.copyOf(more);
        }
        Nexus nexus = new TargetNexus(initiatorPort, targetPort, rights);
        nexuses.add(nexus);
        for (DeviceServer server : servers()) {
            server.join(nexus);
        }
        return nexus;
    }

    /**
     * Gives a nexus other rights. Commands through LUNs that it loses end as they do when a LUN is unmapped, and it is told that
     * the list of LUNs changed; a nexus that sees the same as before notices nothing.
     *
     * @return completes when no command runs that came through what was taken away, or what is left was given up
     */
    public CompletionStage<Void> change(Nexus nexus, NexusRights rights) {
        ((TargetNexus) nexus).setRights(rights);
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Ends an I_T nexus (SAM-5 6.3.4): aborts its tasks and forgets its state. From the moment of this call none of its tasks
     * begins, whoever executes it.
     *
     * @return completes when none of its tasks can change the medium any more, or what is left was given up and keeps the
     *     medium from being written
     */
    public CompletionStage<Void> close(Nexus nexus) {
        nexuses.remove(nexus);
        return nexus.close();
    }

    /** Takes a command. Returns at once; the task is ended by some thread, perhaps before this method returns. */
    public void execute(Task task) {
        int lun = Lun.decode(task.lun());
        Mapped mapped = mapped(lun);
        if (mapped != null) {
            mapped.server().execute(task, mapped.mapping());
        } else {
            AbsentUnit.execute(task, lun, device);
        }
    }

    /**
     * Performs a task management function (SAM-5 7).
     *
     * @param lun LUN field as received; ignored by TARGET_RESET
     * @param task the task that ABORT_TASK names, or null
     * @return completes when no task that the function ended can change the medium any more, on any thread; with
     *     FUNCTION REJECTED if an operation of the store was given up that may still be at it
     */
    public CompletionStage<TaskManagementResponse> manage(
            TaskManagementFunction function, Nexus nexus, long lun, Task task) {
        if (function == TaskManagementFunction.TARGET_RESET) {
            List<DeviceServer> units = servers();
            return completed(
                    units,
                    Ending.all(units.stream().map(unit -> unit.reset(nexus)).toList()));
        }
        Mapped mapped = mapped(Lun.decode(lun));
        if (mapped == null) {
            return answered(TaskManagementResponse.INCORRECT_LUN);
        }
        DeviceServer unit = mapped.server();
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

    private Mapped mapped(int lun) {
        Mapped[] current = mappings;
        return lun >= 0 && lun < current.length ? current[lun] : null;
    }

    private List<DeviceServer> servers() {
        return Arrays.stream(mappings)
                .filter(Objects::nonNull)
                .map(Mapped::server)
                .distinct()
                .toList();
    }

    /** What logical units see of this target. */
    private final class Device implements TargetDevice {

        @Override
        public int[] luns() {
            return Arrays.stream(mappings)
                    .filter(Objects::nonNull)
                    .mapToInt(mapped -> mapped.mapping().lun())
                    .toArray();
        }

        @Override
        public void reported(Nexus nexus) {
            for (DeviceServer server : servers()) {
                server.unit().clearUnitAttention(nexus, Sense.REPORTED_LUNS_DATA_HAS_CHANGED);
            }
        }

        @Override
        public LunMapping mapping(int lun) {
            Mapped mapped = mapped(lun);
            return mapped == null ? null : mapped.mapping();
        }

        @Override
        public List<PortGroup> groups() {
            return groups;
        }

        @Override
        public PortGroup group(TargetPort port) {
            return ScsiTarget.this.group(port);
        }

        @Override
        public void setAccessState(PortGroup group, AccessState state, Nexus by) {
            changeAccessState(group, state, by);
        }
    }
}
