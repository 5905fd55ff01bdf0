package io.sluice.scsi.target;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.config.UnitIdentity;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import io.sluice.scsi.internal.server.CommandTable;
import io.sluice.scsi.internal.server.DeviceServer;
import io.sluice.scsi.internal.unit.BlockDevice;
import java.util.concurrent.CompletionStage;

/**
 * A direct-access block device (SBC-4): the device server and task set over one backstore. It may be mapped into several
 * targets and lives on while its backstore is away; commands that need the medium then end with NOT READY.
 *
 * <p>Thread-safe.
 */
public final class LogicalUnit {

    private final DeviceServer server;

    /**
     * Makes a logical unit without a backstore.
     *
     * @param name name for logs
     * @param identity designator and serial number
     * @param geometry capacity until a backstore is attached
     * @param options how it presents itself
     */
    public LogicalUnit(String name, UnitIdentity identity, BlockGeometry geometry, UnitOptions options) {
        this(name, identity, geometry, options, UnitStateStore.NONE, UnitState.NEW, new CopyDomain());
    }

    /**
     * Makes a logical unit that goes on where it was before the process was started.
     *
     * @param stateStore keeps what has to outlive the process
     * @param state what {@code stateStore} has loaded
     * @param copyDomain units that may copy from each other by tokens
     */
    public LogicalUnit(
            String name,
            UnitIdentity identity,
            BlockGeometry geometry,
            UnitOptions options,
            UnitStateStore stateStore,
            UnitState state,
            CopyDomain copyDomain) {
        this.server = new DeviceServer(
                CommandTable.commands(),
                blockGate -> new BlockDevice(
                        name, identity, geometry, options, stateStore, state, copyDomain.copyManager(), blockGate));
    }

    /** Returns the name for logs. */
    public String name() {
        return server.unit().name();
    }

    /**
     * Serves the medium from a store, whose block size is the unit's. Initiators are told if the capacity changed.
     *
     * @throws BackstoreException if a write that was interrupted cannot be finished
     * @throws IllegalStateException if a store is attached already
     * @throws IllegalArgumentException if the block size differs, or a thin unit gets a store that cannot unmap
     */
    public void attach(Backstore store) throws BackstoreException {
        server.attach(store);
    }

    /**
     * Stops using the store: new commands end with NOT READY, running ones are awaited.
     *
     * @return completes when no operation runs on the store any more and it can be closed
     */
    public CompletionStage<Void> detach() {
        return server.detach();
    }

    /** Takes notice that the attached store has another capacity now, and tells initiators. */
    public void capacityChanged() {
        server.unit().capacityChanged();
    }

    DeviceServer server() {
        return server;
    }
}
