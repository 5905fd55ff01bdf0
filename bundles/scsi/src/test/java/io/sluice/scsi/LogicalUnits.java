package io.sluice.scsi;

import io.sluice.scsi.internal.DeviceServer;

/** Opens a logical unit for tests of what is inside. */
public final class LogicalUnits {

    private LogicalUnits() {}

    public static DeviceServer server(LogicalUnit unit) {
        return unit.server();
    }
}
