package io.sluice.iscsi.connection;

import io.sluice.iscsi.session.EndReason;
import io.sluice.iscsi.session.SessionEnd;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** How a connection ends: why, and when nothing of it is left. On the event loop, but for {@link #isClosed}. */
final class ConnectionEnd {

    private SessionEnd reason;
    private CompletionStage<?> tasksEnded;
    private volatile boolean closed;

    /** Says why, before the connection is closed; who comes first is right. */
    void because(EndReason why, String detail) {
        if (reason == null) {
            reason = SessionEnd.of(why, detail);
        }
    }

    /** Returns why; if nobody has said so, it was the initiator. */
    SessionEnd reason() {
        because(EndReason.CLOSED_BY_INITIATOR, "");
        return reason;
    }

    /** Begins the end of the tasks, the first time only. Returns a stage that completes when they have ended. */
    CompletionStage<?> ofTasks(Supplier<CompletionStage<?>> begin) {
        if (tasksEnded == null) {
            tasksEnded = begin.get();
        }
        return tasksEnded;
    }

    /** The connection is closed. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }
}
