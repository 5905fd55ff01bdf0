package io.sluice.iscsi.session;

import io.sluice.iscsi.login.Admitted;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.target.ScsiTarget;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** A session, apart from its connections (RFC 7143 4.4.4). The numbers are fixed; counters may be read from any thread. */
public final class Session {

    private final int tsih;
    private final InitiatorPort initiator;
    private final ScsiTarget target;
    private final Nexus nexus;
    private final SessionConnections connections;
    private volatile Admitted admitted;
    private final Instant since;
    private final LongAdder commands = new LongAdder();
    private final LongAdder readBytes = new LongAdder();
    private final LongAdder writtenBytes = new LongAdder();
    private final SessionRates rates = new SessionRates(System.nanoTime(), commands, readBytes, writtenBytes);
    private final Habits habits = new Habits();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final AtomicReference<SessionEnd> end = new AtomicReference<>();

    Session(
            int tsih,
            InitiatorPort initiator,
            ScsiTarget target,
            Nexus nexus,
            Admitted admitted,
            SessionConnections connections,
            Instant since) {
        this.tsih = tsih;
        this.initiator = initiator;
        this.target = target;
        this.nexus = nexus;
        this.admitted = admitted;
        this.connections = connections;
        this.since = since;
    }

    /** Returns the target session identifying handle, which is never 0. */
    public int tsih() {
        return tsih;
    }

    /** Returns the initiator's name and ISID. */
    public InitiatorPort initiator() {
        return initiator;
    }

    /** Returns the target; null in a discovery session. */
    public ScsiTarget target() {
        return target;
    }

    /** Returns the name of the target, or null in a discovery session. */
    public String targetName() {
        return target == null ? null : target.name();
    }

    /** Returns the I_T nexus; null in a discovery session. */
    public Nexus nexus() {
        return nexus;
    }

    /** Returns who was let in, and what is granted to him now. */
    public Admitted admitted() {
        return admitted;
    }

    void admitted(Admitted now) {
        admitted = now;
    }

    /** Returns its connections. */
    public SessionConnections connections() {
        return connections;
    }

    /** Returns when the login was complete. */
    public Instant since() {
        return since;
    }

    /** Returns the count of SCSI commands. */
    public LongAdder commands() {
        return commands;
    }

    /** Returns the count of bytes sent as SCSI data. */
    public LongAdder readBytes() {
        return readBytes;
    }

    /** Returns the count of bytes received as SCSI data. */
    public LongAdder writtenBytes() {
        return writtenBytes;
    }

    /** Returns what the session does now. */
    public SessionRates rates() {
        return rates;
    }

    /** Returns how the initiator uses the session. */
    public Habits habits() {
        return habits;
    }

    /** Returns a stage that completes when none of the session's tasks can change data any more. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    /** Says why the session ends, before it is ended; who comes first is right. */
    public void endsBecause(EndReason reason) {
        endsBecause(reason, "");
    }

    /**
     * Says why the session ends, before it is ended; who comes first is right.
     *
     * @param detail what stands in the words of the reason
     */
    public void endsBecause(EndReason reason, String detail) {
        endsBecause(SessionEnd.of(reason, detail));
    }

    /** Says why the session ends, before it is ended; who comes first is right. */
    public void endsBecause(SessionEnd why) {
        end.compareAndSet(null, why);
    }

    /** The initiator has logged out, and was told that its commands do not end. */
    public void loggedOutTooEarly() {
        end.updateAndGet(said -> said != null && said.reason() == EndReason.LOGGED_OUT
                ? SessionEnd.of(EndReason.LOGGED_OUT_TOO_EARLY, "")
                : said);
    }

    /** Returns why the session ends, or null as long as it does not. */
    public SessionEnd end() {
        return end.get();
    }

    /** Returns whether its end has begun: no connection may join it any more. */
    public boolean isEnding() {
        return ending.get();
    }

    /** Returns whether this call is the one that begins the end. */
    boolean beginEnd() {
        return ending.compareAndSet(false, true);
    }
}
