package io.sluice.scsi.internal.server;

import io.sluice.backstore.pace.Pacer;
import io.sluice.config.AccessState;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.scsi.internal.unit.InitiatorTraffic;
import io.sluice.scsi.internal.unit.LunMapping;
import io.sluice.scsi.internal.unit.LunTraffic;
import io.sluice.scsi.internal.unit.NexusView;
import io.sluice.scsi.internal.unit.PortGroup;
import io.sluice.scsi.internal.unit.TaskServer;
import io.sluice.scsi.internal.unit.Traffic;
import java.util.List;

/**
 * A nexus of another gateway, for one command: what it may do has been checked there. Unit attentions that it causes for the real
 * one are told to that gateway, and so it has none here.
 */
final class RemoteNexus extends Nexus implements NexusView {

    private final PortGroup group;

    RemoteNexus(InitiatorPort initiator, TargetPort target) {
        super(initiator, target);
        this.group = new PortGroup(target, AccessState.STANDBY);
    }

    LunMapping mapping(BlockDevice unit, TaskServer server) {
        return new LunMapping(0, unit, server, false, this, new Traffic(new LunTraffic(), new InitiatorTraffic()));
    }

    @Override
    public NexusRights rights() {
        return NexusRights.ALL;
    }

    @Override
    public Nexus nexus() {
        return this;
    }

    @Override
    public List<LunMapping> mappings() {
        return List.of();
    }

    @Override
    public LunMapping mapping(int lun) {
        return null;
    }

    @Override
    public PortGroup group() {
        return group;
    }

    @Override
    public List<PortGroup> groups() {
        return List.of(group);
    }

    @Override
    public Pacer pacer() {
        return null;
    }

    @Override
    public void reported() {
        // It is told of no LUNs.
    }

    @Override
    public void established(BlockDevice unit, Sense condition) {
        // It has no unit attentions.
    }
}
