package io.sluice.iscsi.connection;

import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.iscsi.session.EndReason;
import io.sluice.iscsi.transfer.IscsiTask;
import java.util.concurrent.TimeUnit;

/**
 * Notices initiators that are gone (RFC 7143 11.19): pings one that is silent, and closes the connection if it neither
 * answers nor sends data that it owes.
 */
final class KeepAlive implements Runnable {

    private static final int CHECKS_PER_INTERVAL = 3;

    /** So much of what is owed, or all that a command owes, has to come in the time that an answer may take. */
    private static final int PROGRESS_BYTES = 64 << 10;

    /** A command may owe data for so many times that time, which it needs if many do. */
    private static final int PATIENCE = 10;

    /** A discovery session may be silent for that time, and last so many of them. */
    private static final int DISCOVERY_TIMEOUTS = 4;

    private final Connection connection;
    private final long intervalNanos;
    private final long timeoutNanos;
    private final long owedLimit;
    private ScheduledFuture<?> timer;
    private long lastHeard;
    private long owedSince;
    private long checked;
    private long progress;
    private long lastText;
    private long begin;
    private boolean pinged;

    KeepAlive(Connection connection, ServerSettings settings) {
        this.connection = connection;
        this.intervalNanos = settings.pingInterval().toNanos();
        this.timeoutNanos = settings.pingTimeout().toNanos();
        this.owedLimit = PATIENCE * CHECKS_PER_INTERVAL * timeoutNanos / intervalNanos;
    }

    void start() {
        lastHeard = System.nanoTime();
        owedSince = lastHeard;
        checked = lastHeard;
        lastText = lastHeard;
        begin = lastHeard;
        long period = intervalNanos / CHECKS_PER_INTERVAL;
        timer = connection.channel().eventLoop().scheduleWithFixedDelay(this, period, period, TimeUnit.NANOSECONDS);
    }

    void stop() {
        timer.cancel(false);
    }

    /** Something has come from the initiator. */
    void heard() {
        lastHeard = System.nanoTime();
        pinged = false;
    }

    /** The initiator has taken something, which while it is not read is all that tells that it is there. */
    void taken() {
        if (connection.paused()) {
            heard();
        }
    }

    /**
     * Data that was owed has come.
     *
     * @param bytes how much; nothing at all is no progress
     * @param all whether it is all that its command owed
     */
    void heardData(int bytes, boolean all) {
        progress += all && bytes > 0 ? PROGRESS_BYTES : bytes;
        if (progress >= PROGRESS_BYTES) {
            progressed(System.nanoTime());
        }
    }

    private void progressed(long now) {
        progress = 0;
        owedSince = now;
    }

    /** A text request has come, which is what a discovery session is for. */
    void heardText() {
        lastText = System.nanoTime();
    }

    @Override
    public void run() {
        long now = System.nanoTime();
        int owed = countOwed(now);
        connection.group().gapWatch().check(now);
        long silent = now - lastHeard;
        if (connection.session().target() == null
                && (now - lastText > timeoutNanos || now - begin > DISCOVERY_TIMEOUTS * timeoutNanos)) {
            close(EndReason.DISCOVERY_TOO_LONG, "");
        } else if (owed > owedLimit) {
            close(EndReason.DATA_MISSING, "it came too slowly");
        } else if (silent > intervalNanos + timeoutNanos) {
            close(connection.paused() ? EndReason.ANSWERS_NOT_TAKEN : EndReason.NO_ANSWER, timeout());
        } else if (now - owedSince > timeoutNanos) {
            close(EndReason.DATA_MISSING, "nothing of it came for " + timeout());
        } else if (silent > intervalNanos && !pinged) {
            pinged = true;
            connection.acknowledgement().ask();
        }
    }

    /**
     * Returns how often in a row a task owed data. While the connection is not read what is owed may have been sent, so that it
     * takes no time; who does not take his answers is noticed by that.
     */
    private int countOwed(long now) {
        long sinceLast = now - checked;
        checked = now;
        if (connection.paused()) {
            owedSince += sinceLast;
            return 0;
        }
        int owed = 0;
        for (IscsiTask task : connection.tasks().values()) {
            owed = Math.max(owed, task.countOwed());
        }
        if (owed == 0) {
            progressed(now);
        }
        return owed;
    }

    private String timeout() {
        return TimeUnit.NANOSECONDS.toSeconds(timeoutNanos) + " s";
    }

    private void close(EndReason reason, String detail) {
        connection.close(reason, detail);
    }
}
