package io.sluice.scsi.internal.unit;

import io.sluice.config.AccessState;
import io.sluice.scsi.TargetPort;

/** A target port group (SPC-5 5.16.2): one port, and the asymmetric access state of it. Thread-safe. */
public final class PortGroup {

    /** STATUS CODE of REPORT TARGET PORT GROUPS (SPC-5 6.36): by SET TARGET PORT GROUPS. */
    public static final int CHANGED_BY_INITIATOR = 1;

    /** STATUS CODE of REPORT TARGET PORT GROUPS: by the target itself. */
    public static final int CHANGED_IMPLICITLY = 2;

    private final TargetPort port;
    private volatile AccessState state;
    private volatile int statusCode;

    /** Begins without a change to report. */
    public PortGroup(TargetPort port, AccessState state) {
        this.port = port;
        this.state = state;
    }

    /** Returns the one port, whose number is that of the group. */
    public TargetPort port() {
        return port;
    }

    /** Returns the asymmetric access state. */
    public AccessState state() {
        return state;
    }

    /** Returns how the state came to be: STATUS CODE of SPC-5 6.36. */
    public int statusCode() {
        return statusCode;
    }

    /** Changes the state; returns whether it was another one. One thread at a time. */
    public boolean change(AccessState changed, int why) {
        if (state == changed) {
            return false;
        }
        state = changed;
        statusCode = why;
        return true;
    }
}
