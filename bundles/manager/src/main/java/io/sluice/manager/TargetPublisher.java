package io.sluice.manager;

import io.sluice.scsi.target.ScsiTarget;

/** Makes targets known to transports. */
@FunctionalInterface
public interface TargetPublisher {

    /**
     * Publishes a target.
     *
     * @return takes it back; no session with it begins after that
     */
    Runnable publish(ScsiTarget target);
}
