package io.sluice.scsi.target;

import io.sluice.config.UnitIdentity;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import io.sluice.scsi.internal.server.CommandTable;
import io.sluice.scsi.internal.server.DeviceServer;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.volume.Volume;

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

    /** The blocks of the volume are other ones from now on; to be called while no operation runs. Initiators are told. */
    public void mediumExchanged() {
        server.unit().mediumExchanged();
    }

    /** Returns whether FORMAT UNIT or SANITIZE is at work on the medium, or has left it unusable. */
    public boolean erasing() {
        return server.unit().erasure().state() != null;
    }

    DeviceServer server() {
        return server;
    }
}
