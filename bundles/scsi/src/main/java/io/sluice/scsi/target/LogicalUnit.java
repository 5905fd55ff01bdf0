package io.sluice.scsi.target;

import io.sluice.config.UnitIdentity;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.RunningErasure;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SharedAttention;
import io.sluice.scsi.SharedUnit;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import io.sluice.scsi.internal.server.CommandTable;
import io.sluice.scsi.internal.server.DeviceServer;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.volume.Volume;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A direct-access block device (SBC-4): the device server and task set over one volume. It may be mapped into several targets
 * and lives on while the volume has no store; commands that need the medium then wait a while, and end with NOT READY.
 *
 * <p>Thread-safe.
 */
public final class LogicalUnit {

    private final DeviceServer server;

    /**
     * Makes a logical unit that keeps nothing beyond the process.
     *
     * @param volume where its blocks are; no store has been attached yet
     * @param identity designator and serial number
     * @param options how it presents itself
     */
    public LogicalUnit(Volume volume, UnitIdentity identity, UnitOptions options) {
        this(volume, identity, options, UnitStateStore.NONE, UnitState.NEW, new CopyDomain());
    }

    /**
     * Makes a logical unit that goes on where it was before the process was started.
     *
     * @param volume where its blocks are; no store has been attached yet
     * @param stateStore keeps what has to outlive the process
     * @param state what {@code stateStore} has loaded
     * @param copyDomain units that may copy from each other by tokens
     */
    public LogicalUnit(
            Volume volume,
            UnitIdentity identity,
            UnitOptions options,
            UnitStateStore stateStore,
            UnitState state,
            CopyDomain copyDomain) {
        this.server = new DeviceServer(
                CommandTable.commands(),
                new BlockDevice(volume, identity, options, stateStore, state, copyDomain.copyManager()));
    }

    /** Returns the name for logs. */
    public String name() {
        return server.unit().name();
    }

    /** Returns where the blocks are. */
    public Volume volume() {
        return server.unit().volume();
    }

    /** Returns what the operator should know of the space that the unit takes, one line; empty if all is well. Never waits. */
    public String spaceProblem() {
        return server.unit().threshold().problem();
    }

    /**
     * The blocks of the volume are about to become other ones; to be called while no operation runs. Commands of several steps
     * that have begun end.
     *
     * @return false if the medium is being erased, or that has failed: then nothing has changed
     */
    public boolean leaveMedium() {
        return server.unit().leaveMedium();
    }

    /** They are other ones from now on; to be called after {@link #leaveMedium}, before any operation runs. Initiators are told. */
    public void mediumExchanged() {
        server.unit().mediumExchanged();
    }

    /** Somebody is told of each FORMAT UNIT or SANITIZE when it begins, or goes on after a restart; it must not wait. */
    public void listen(Consumer<RunningErasure> told) {
        server.unit().erasure().listen(told);
    }

    /** Returns whether FORMAT UNIT or SANITIZE is at work on the medium, or has left it unusable. */
    public boolean erasing() {
        return server.unit().erasure().state() != null;
    }

    /** Another gateway has the unit too: it stands by until {@link #serve}. To be called before it is mapped. */
    public void share(SharedUnit with) {
        server.unit().access().share(with);
        server.unit().reservations().keepAll();
    }

    /** Takes over what another gateway has saved of the unit; completes when that counts. */
    public CompletionStage<Void> reload(UnitState state) {
        return server.unit().reload(state);
    }

    /** The medium is served here from now on, with the state that was reloaded last; initiators are told. */
    public void serve() {
        server.unit().gain();
    }

    /** The medium is served here no more; commands that have begun do not get to it, and initiators are told. */
    public void standBy() {
        server.unit().lose();
    }

    /**
     * Completes, on any thread, when what has begun to change what the unit keeps is saved, or has failed, and unit attentions of it
     * are established.
     */
    public CompletionStage<Void> settled() {
        return server.unit().settled();
    }

    /** Returns whether the medium is served by another gateway, or by none. */
    public boolean standsBy() {
        return server.unit().access().standby();
    }

    /** Returns the ports of this gateway, with the states that they have when the medium is served here. */
    public List<SharedUnit.Port> ports() {
        return server.unit().ports().ownGroups().stream()
                .map(group -> new SharedUnit.Port(group.port(), group.state()))
                .toList();
    }

    /**
     * Performs a command that came through another gateway, which stands by, for the nexus that it came through there. Only what
     * changes what the unit keeps is performed: PERSISTENT RESERVE OUT and the like.
     *
     * @return completes on any thread with what it has ended with, when what it has changed is saved
     */
    public CompletionStage<RemoteCommand.Answer> perform(RemoteCommand command) {
        return server.perform(command);
    }

    /** Another gateway has established a unit attention that nexuses of this one are to have too. */
    public void hear(SharedAttention attention) {
        server.unit().hear(attention);
    }

    /** Sets the ports of other gateways; initiators are told if they are not the same as before. */
    public void setOtherPorts(List<SharedUnit.Port> others) {
        if (server.unit().access().setOthers(others)) {
            server.unit().attention(nexus -> true, Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        }
    }

    DeviceServer server() {
        return server;
    }
}
