package io.sluice.scsi.target;

import io.sluice.config.AccessState;
import io.sluice.metrics.LunStatistics;
import io.sluice.metrics.Statistics;
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
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.scsi.internal.unit.LunMapping;
import io.sluice.scsi.internal.unit.LunTraffic;
import io.sluice.scsi.internal.unit.PortGroup;
import io.sluice.scsi.internal.unit.TargetDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * A SCSI target device (SAM-5 4.6): routes tasks to logical units and knows its I_T nexuses, each with its own view of the
 * LUNs. Transports find it by {@link #name}; whoever composes the gateway maps logical units into it at any time.
 *
 * <p>Thread-safe.
 */
public final class ScsiTarget {

    private static final MappedUnit[] NONE = new MappedUnit[0];

    private final String name;
    private final Function<String, InitiatorLimit> limits;
    private final Set<TargetNexus> nexuses = ConcurrentHashMap.newKeySet();
    private final TargetDevice device = new Device();
    private final TargetPorts ports = new TargetPorts();
    private final Initiators initiators;
    private volatile boolean enabled = true;
    private volatile boolean retired;

    /** Indexed by LUN, with gaps; replaced as a whole when a mapping changes. */
    private volatile MappedUnit[] mapped = NONE;

    /**
     * A port of the target.
     *
     * @param groupTag target portal group tag
     * @param number relative target port identifier and target port group; of no other port of the gateway
     * @param accessState asymmetric access state of the units through this port
     */
    public record Port(int groupTag, int number, AccessState accessState) {}

    /**
     * A logical unit as a LUN of the target.
     *
     * @param lun 0 to {@link Lun#MAX}
     * @param readOnly whether writes through this mapping are refused
     */
    public record Mapping(int lun, LogicalUnit unit, boolean readOnly) {

        /** @throws IllegalArgumentException if there can be no such LUN */
        public Mapping {
            if (lun < 0 || lun > Lun.MAX) {
                throw new IllegalArgumentException("LUN " + lun);
            }
        }
    }

    /** Makes a target at which initiators have no limits. */
    public ScsiTarget(String name) {
        this(name, initiator -> InitiatorLimit.NONE, new Semaphore(InitiatorLimits.NAMED));
    }

    /**
     * @param name iSCSI name
     * @param limits of initiators, over all targets
     */
    public ScsiTarget(String name, InitiatorLimits limits) {
        this(name, limits::of, limits.named());
    }

    ScsiTarget(String name, Function<String, InitiatorLimit> limits, Semaphore named) {
        this.name = Objects.requireNonNull(name);
        this.limits = limits;
        this.initiators = new Initiators(named);
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
        initiators.end();
    }

    /** Returns the ports with their present states, which initiators may have changed. */
    public List<Port> ports() {
        return ports.groups().stream()
                .map(group -> new Port(group.port().groupTag(), group.port().number(), group.state()))
                .toList();
    }

    /**
     * Sets the ports and their access states, as the operator wants them; initiators are told. A port that a nexus is opened
     * through and that was not set is there from then on, active and optimized.
     */
    public synchronized void setPorts(List<Port> wanted) {
        if (ports.set(name, wanted)) {
            announceAccess(null, null);
        }
    }

    private synchronized void changeAccessState(PortGroup group, AccessState state, Nexus by, BlockDevice through) {
        if (group.change(state, PortGroup.CHANGED_BY_INITIATOR)) {
            announceAccess(by, through);
        }
    }

    /** Also who comes through another target is told: the unit reports the groups of all of them. */
    private void announceAccess(Nexus except, BlockDevice at) {
        for (DeviceServer server : servers()) {
            server.unit()
                    .attentionForOthers(server.unit() == at ? except : null, Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        }
    }

    /** As {@link #map(List)}, of one. */
    public void map(int lun, LogicalUnit unit, boolean readOnly) {
        map(List.of(new Mapping(lun, unit, readOnly)));
    }

    /**
     * Maps logical units; initiators that see one of them are told once that the list of LUNs changed.
     *
     * @throws IllegalStateException if a LUN is in use; nothing is mapped then
     */
    public synchronized void map(List<Mapping> mappings) {
        Set<Integer> luns = new HashSet<>();
        int length = mapped.length;
        for (Mapping mapping : mappings) {
            if (at(mapping.lun()) != null || !luns.add(mapping.lun())) {
                throw new IllegalStateException("LUN " + mapping.lun() + " of " + name + " is in use");
            }
            length = Math.max(length, mapping.lun() + 1);
        }
        MappedUnit[] changed = Arrays.copyOf(mapped, length);
        mappings.forEach(mapping ->
                changed[mapping.lun()] = new MappedUnit(mapping.unit().server(), mapping.readOnly(), new LunTraffic()));
        mapped = changed;
        mappings.forEach(mapping -> mapping.unit().server().unit().ports().add(device));
        update(luns);
    }

    /** As {@link #unmap(List)}, of one. */
    public CompletionStage<Void> unmap(int lun) {
        return unmap(List.of(lun));
    }

    /**
     * Removes mappings, if they are there; initiators that saw one of them are told once. Commands that came through them and have
     * not begun at the store end with LOGICAL UNIT NOT SUPPORTED; operations of the store that run are awaited.
     *
     * @return completes when no command that came through the mappings runs any more, or what is left was given up
     */
    public CompletionStage<Void> unmap(List<Integer> luns) {
        return ended(remove(Set.copyOf(luns)));
    }

    private synchronized List<LunMapping> remove(Set<Integer> luns) {
        MappedUnit[] changed = mapped.clone();
        List<MappedUnit> removed = new ArrayList<>();
        for (int lun : luns) {
            if (at(lun) != null) {
                removed.add(changed[lun]);
                changed[lun] = null;
            }
        }
        mapped = changed;
        removed.forEach(unit -> unit.server().unit().ports().remove(device));
        return update(luns);
    }

    /** Brings the tables of the nexuses up to date that may see a LUN of the target, and returns the mappings that they have no more. */
    private List<LunMapping> update(Set<Integer> luns) {
        List<LunMapping> gone = new ArrayList<>();
        for (TargetNexus nexus : nexuses) {
            if (nexus.concerns(luns)) {
                gone.addAll(update(nexus, nexus.rights()));
            }
        }
        return gone;
    }

    /** Brings the table of a nexus up to date; a unit knows the nexus before the nexus sees it. */
    private TargetNexus.Change bring(TargetNexus nexus, NexusRights rights) {
        TargetNexus.Change change = nexus.plan(mapped, rights);
        change.added().forEach(mapping -> TargetNexus.server(mapping).join(nexus));
        nexus.publish(change);
        return change;
    }

    /** Brings the table of a nexus up to date and tells it, and returns the mappings that it has no more. */
    private List<LunMapping> update(TargetNexus nexus, NexusRights rights) {
        TargetNexus.Change change = bring(nexus, rights);
        if (change.ofLuns()) {
            nexus.announceLuns(change.kept());
        }
        change.switched().forEach(mapping -> mapping.unit().attention(nexus, Sense.MODE_PARAMETERS_CHANGED));
        return change.gone();
    }

    /** Ends what came through mappings that are gone. */
    private static CompletionStage<Void> ended(List<LunMapping> gone) {
        gone.forEach(LunMapping::end);
        return Ending.all(gone.stream()
                        .map(TargetNexus::server)
                        .distinct()
                        .map(DeviceServer::endGone)
                        .toList())
                .thenAccept(ended -> {});
    }

    /**
     * Begins an I_T nexus. Every logical unit that it sees then has a unit attention for it that it is new. The transport
     * sees to it that the same two ports have one nexus at a time.
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
        TargetNexus nexus = new TargetNexus(
                initiatorPort,
                ports.require(targetPort),
                rights,
                ports::groups,
                limits,
                initiators.of(initiatorPort.iscsiName()));
        nexuses.add(nexus);
        bring(nexus, rights);
        return nexus;
    }

    /**
     * Gives a nexus other rights. Commands through LUNs that it loses end as they do when a LUN is unmapped, and it is told that
     * the list of LUNs changed; where it may no longer write, what has not begun at the store is refused. A nexus that sees the
     * same as before notices nothing.
     *
     * @return completes when no command runs that came through what was taken away, or what is left was given up
     */
    public CompletionStage<Void> change(Nexus nexus, NexusRights rights) {
        return ended(changed((TargetNexus) nexus, rights));
    }

    private synchronized List<LunMapping> changed(TargetNexus nexus, NexusRights rights) {
        return nexuses.contains(nexus) ? update(nexus, rights) : List.of();
    }

    /**
     * Ends an I_T nexus (SAM-5 6.3.4): aborts its tasks and forgets its state. From the moment of this call none of its tasks
     * begins, whoever executes it.
     *
     * @return completes when none of its tasks can change the medium any more, or what is left was given up and keeps the
     *     medium from being written
     */
    public CompletionStage<Void> close(Nexus nexus) {
        nexuses.remove((TargetNexus) nexus);
        return nexus.close();
    }

    /** Takes a command. Returns at once; the task is ended by some thread, perhaps before this method returns. */
    public void execute(Task task) {
        int lun = Lun.decode(task.lun());
        TargetNexus nexus = (TargetNexus) task.nexus();
        LunMapping mapping = nexus.mapping(lun);
        if (mapping != null) {
            mapping.server().execute(task, mapping);
        } else {
            AbsentUnit.execute(task, lun, nexus);
        }
    }

    /**
     * Returns whether a nexus may have a function performed. All but TARGET RESET is every initiator's right (SAM-5 7), LOGICAL
     * UNIT RESET too. A TARGET RESET needs the right to manage; without that it is permitted as long as it hits nobody else,
     * because no other host is logged in to the target or sees one of the units through another one.
     */
    public boolean permits(TaskManagementFunction function, Nexus nexus) {
        return TaskFunctions.permits(function, (TargetNexus) nexus, nexuses);
    }

    /**
     * Performs a task management function (SAM-5 7). TARGET RESET resets the units that the nexus sees.
     *
     * @param lun LUN field as received; ignored by TARGET_RESET
     * @param task the task that ABORT_TASK names, or null
     * @return completes when no task that the function ended can change the medium any more, on any thread; with
     *     FUNCTION REJECTED if an operation of the store was given up that may still be at it; with AUTHORIZATION FAILED, and
     *     nothing done, if it is not permitted
     */
    public CompletionStage<TaskManagementResponse> manage(
            TaskManagementFunction function, Nexus nexus, long lun, Task task) {
        return permits(function, nexus)
                ? TaskFunctions.manage(function, (TargetNexus) nexus, lun, task)
                : CompletableFuture.completedFuture(TaskManagementResponse.AUTHORIZATION_FAILED);
    }

    /** Returns what initiators have done since each LUN was mapped. */
    public Statistics statistics() {
        List<LunStatistics> luns = new ArrayList<>();
        MappedUnit[] current = mapped;
        for (int lun = 0; lun < current.length; lun++) {
            if (current[lun] != null) {
                luns.add(statistics(lun, current[lun]));
            }
        }
        return new Statistics(luns, initiators.statistics(name).toList());
    }

    private LunStatistics statistics(int lun, MappedUnit of) {
        LunTraffic traffic = of.traffic();
        return new LunStatistics(
                name,
                lun,
                of.server().unit().name(),
                of.server().underWay(traffic),
                traffic.commands(),
                traffic.senseKeys(),
                traffic.statuses());
    }

    private MappedUnit at(int lun) {
        MappedUnit[] current = mapped;
        return lun >= 0 && lun < current.length ? current[lun] : null;
    }

    private List<DeviceServer> servers() {
        return Arrays.stream(mapped)
                .filter(Objects::nonNull)
                .map(MappedUnit::server)
                .distinct()
                .toList();
    }

    /** What logical units see of this target. */
    private final class Device implements TargetDevice {

        @Override
        public List<PortGroup> groups() {
            return ports.groups();
        }

        @Override
        public void setAccessState(PortGroup group, AccessState state, Nexus by, BlockDevice through) {
            changeAccessState(group, state, by, through);
        }
    }
}
