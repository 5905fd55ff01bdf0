package io.sluice.manager;

import io.sluice.scsi.ScsiTarget;

/** Makes targets known to transports. */
@FunctionalInterface
public interface TargetPublisher {

    /**
     * Publishes a target.
     *
     * @return takes it back; transports have ended its sessions when that returns
     */
    Runnable publish(ScsiTarget target);
}
