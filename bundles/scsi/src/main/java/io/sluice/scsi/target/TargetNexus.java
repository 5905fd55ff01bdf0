package io.sluice.scsi.target;

import io.sluice.backstore.pace.Pacer;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Lun;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.Sense;
import io.sluice.scsi.internal.server.DeviceServer;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.scsi.internal.unit.InitiatorTraffic;
import io.sluice.scsi.internal.unit.LunMapping;
import io.sluice.scsi.internal.unit.NexusView;
import io.sluice.scsi.internal.unit.PortGroup;
import io.sluice.scsi.internal.unit.Traffic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A nexus with its table of LUNs, which is made from the mappings of its target and from its rights, anew whenever either
 * changes. The target makes changes one at a time; looking a LUN up is one volatile read.
 */
final class TargetNexus extends Nexus implements NexusView {

    private static final LunMapping[] NONE = new LunMapping[0];

    /** Unit attentions that an initiator is told of at once; {@link #announceLuns} tells of other LUNs. */
    private static final Set<Sense> EVENTS = EnumSet.of(
            Sense.CAPACITY_DATA_HAS_CHANGED,
            Sense.ASYMMETRIC_ACCESS_STATE_CHANGED,
            Sense.THIN_PROVISIONING_SOFT_THRESHOLD_REACHED);

    private final NexusEvents events = new NexusEvents(this);
    private final PortGroup group;
    private final Supplier<List<PortGroup>> groups;
    private final Function<String, InitiatorLimit> limits;
    private final InitiatorTraffic traffic;
    private volatile NexusRights rights;
    private volatile InitiatorLimit limit;

    /** Indexed by LUN, with gaps; replaced as a whole. */
    private volatile LunMapping[] table = NONE;

    /**
     * @param group of the port that it comes through
     * @param groups all those of the target
     * @param limits the limits of initiators by their names
     * @param traffic counts what it does
     */
    TargetNexus(
            InitiatorPort initiatorPort,
            PortGroup group,
            NexusRights rights,
            Supplier<List<PortGroup>> groups,
            Function<String, InitiatorLimit> limits,
            InitiatorTraffic traffic) {
        super(initiatorPort, group.port());
        this.group = group;
        this.groups = groups;
        this.rights = Objects.requireNonNull(rights);
        this.limits = limits;
        this.traffic = traffic;
        this.limit = limits.apply(rights.initiator());
    }

    /**
     * What a change of the table brings; nothing of it counts before {@link #publish}.
     *
     * @param table the new table
     * @param rights the new rights
     * @param added new mappings
     * @param gone mappings that are no longer in the table
     * @param kept mappings that stay
     * @param switched those of them that are for reading only and were not, or the other way round
     */
    record Change(
            LunMapping[] table,
            NexusRights rights,
            List<LunMapping> added,
            List<LunMapping> gone,
            List<LunMapping> kept,
            List<LunMapping> switched) {

        private Change(LunMapping[] table, NexusRights rights) {
            this(table, rights, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        /** Returns whether the nexus sees other LUNs than before. */
        boolean ofLuns() {
            return !added.isEmpty() || !gone.isEmpty();
        }
    }

    /** Returns whether it may see one of the LUNs of the target, whether there is such a LUN or not. */
    boolean concerns(Set<Integer> luns) {
        Map<Integer, NexusRights.View> views = rights.luns();
        return views == null || views.values().stream().anyMatch(view -> luns.contains(view.of()));
    }

    /** Plans the change to the target's mappings and to rights; mappings that are as they were are kept. */
    Change plan(MappedUnit[] mapped, NexusRights wanted) {
        LunMapping[] before = table;
        LunMapping[] planned = table(mapped, wanted);
        Change change = new Change(planned, wanted);
        for (int lun = 0; lun < Math.max(before.length, planned.length); lun++) {
            LunMapping old = lun < before.length ? before[lun] : null;
            LunMapping now = lun < planned.length ? planned[lun] : null;
            if (old != null && now != null && old.unit() == now.unit()) {
                planned[lun] = old;
                old.count(now.traffic());
                change.kept().add(old);
                if (old.readOnly() != now.readOnly()) {
                    change.switched().add(old);
                }
            } else {
                add(change.gone(), old);
                add(change.added(), now);
            }
        }
        return change;
    }

    /** Puts a change into effect. */
    void publish(Change change) {
        change.switched().forEach(mapping -> mapping.setReadOnly(!mapping.readOnly()));
        rights = change.rights();
        limit = limits.apply(rights.initiator());
        table = change.table();
    }

    private LunMapping[] table(MappedUnit[] mapped, NexusRights wanted) {
        LunMapping[] made = NONE;
        if (wanted.luns() == null) {
            made = new LunMapping[mapped.length];
            for (int lun = 0; lun < mapped.length; lun++) {
                made[lun] = mapping(lun, mapped[lun], wanted.readOnly());
            }
            return made;
        }
        for (Map.Entry<Integer, NexusRights.View> entry : wanted.luns().entrySet()) {
            int lun = entry.getKey();
            NexusRights.View view = entry.getValue();
            MappedUnit of = view.of() < mapped.length ? mapped[view.of()] : null;
            made = Arrays.copyOf(made, Math.max(made.length, lun + 1));
            made[lun] = mapping(lun, of, wanted.readOnly() || view.readOnly());
        }
        return made;
    }

    private LunMapping mapping(int lun, MappedUnit of, boolean readOnly) {
        return of == null
                ? null
                : new LunMapping(
                        lun,
                        of.server().unit(),
                        of.server(),
                        readOnly || of.readOnly(),
                        this,
                        new Traffic(of.traffic(), traffic));
    }

    private static void add(List<LunMapping> mappings, LunMapping mapping) {
        if (mapping != null) {
            mappings.add(mapping);
        }
    }

    /** Returns the units that it sees, each once. */
    List<DeviceServer> servers() {
        return mappings().stream().map(TargetNexus::server).distinct().toList();
    }

    /** Returns who is behind a mapping: it was made from a {@link MappedUnit}. */
    static DeviceServer server(LunMapping mapping) {
        return (DeviceServer) mapping.server();
    }

    @Override
    public Nexus nexus() {
        return this;
    }

    @Override
    public NexusRights rights() {
        return rights;
    }

    @Override
    public List<LunMapping> mappings() {
        return Arrays.stream(table).filter(Objects::nonNull).toList();
    }

    @Override
    public LunMapping mapping(int lun) {
        LunMapping[] current = table;
        return lun >= 0 && lun < current.length ? current[lun] : null;
    }

    @Override
    public PortGroup group() {
        return group;
    }

    @Override
    public List<PortGroup> groups() {
        return groups.get();
    }

    @Override
    public Pacer pacer() {
        return limit.pacer();
    }

    @Override
    public void reported() {
        for (LunMapping mapping : mappings()) {
            mapping.unit().clearUnitAttention(this, Sense.REPORTED_LUNS_DATA_HAS_CHANGED);
        }
    }

    @Override
    public void established(BlockDevice unit, Sense condition) {
        if (listener() == null || !EVENTS.contains(condition)) {
            return;
        }
        for (LunMapping mapping : mappings()) {
            if (mapping.unit() == unit) {
                tell(Lun.encode(mapping.lun()), condition);
            }
        }
    }

    /** Establishes REPORTED LUNS DATA HAS CHANGED for units that the nexus sees, and tells it once. */
    void announceLuns(List<LunMapping> units) {
        LunMapping first = null;
        for (LunMapping mapping : units) {
            boolean established = mapping.unit().attention(this, Sense.REPORTED_LUNS_DATA_HAS_CHANGED);
            first = established && first == null ? mapping : first;
        }
        if (first != null || units.isEmpty()) {
            tell(
                    first == null ? Lun.encodeReportLuns() : Lun.encode(first.lun()),
                    Sense.REPORTED_LUNS_DATA_HAS_CHANGED);
        }
    }

    private void tell(long lun, Sense condition) {
        Listener told = listener();
        if (told != null) {
            events.tell(told, lun, condition);
        }
    }
}
