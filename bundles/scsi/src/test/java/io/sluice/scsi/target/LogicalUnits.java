package io.sluice.scsi.target;

import io.sluice.scsi.internal.server.DeviceServer;

/** Opens a logical unit for tests of what is inside. */
public final class LogicalUnits {

    private LogicalUnits() {}

    public static DeviceServer server(LogicalUnit unit) {
        return unit.server();
    }
}
