package io.sluice.iscsi.connection;

import io.sluice.iscsi.session.EndReason;
import java.util.concurrent.TimeUnit;

/**
 * Looks whether a session waits for commands that a lost connection should have brought. The initiator may send them again
 * on another one, or abort them (RFC 7143 7.2.1, 11.5.1), and nothing says until when. At ErrorRecoveryLevel 0 what is left to
 * a target is session recovery (7.1.4.4): after the time that an answer may take, the session ends. On the event loop only.
 */
final class GapWatch {

    private final ConnectionGroup group;
    private final long timeoutNanos;
    private boolean lost;
    private boolean waiting;
    private int missing;
    private long since;

    GapWatch(ConnectionGroup group, ServerSettings settings) {
        this.group = group;
        this.timeoutNanos = settings.pingTimeout().toNanos();
    }

    /** A connection of the session is closed, and others are open. */
    void connectionLost() {
        lost = true;
    }

    /** To be called now and then. */
    void check(long now) {
        if (!lost || !group.window().hasGap() && !group.taskManager().waits()) {
            waiting = false;
        } else if (!waiting || group.window().expCmdSn() != missing) {
            waiting = true;
            missing = group.window().expCmdSn();
            since = now;
        } else if (now - since > timeoutNanos) {
            group.session()
                    .endsBecause(EndReason.COMMANDS_MISSING, TimeUnit.NANOSECONDS.toSeconds(timeoutNanos) + " s");
            group.drop();
        }
    }
}
