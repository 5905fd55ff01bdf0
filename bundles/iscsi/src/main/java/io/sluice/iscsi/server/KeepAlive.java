package io.sluice.iscsi.server;

import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.iscsi.pdu.BasicHeader;
import io.sluice.iscsi.pdu.NopInPdu;
import io.sluice.iscsi.transfer.IscsiTask;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices initiators that are gone (RFC 7143 11.19): pings one that is silent, and closes the connection if it neither
 * answers nor sends data that it owes.
 */
final class KeepAlive implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(KeepAlive.class);
    private static final int CHECKS_PER_INTERVAL = 3;

    private final Connection connection;
    private final long intervalNanos;
    private final long timeoutNanos;
    private ScheduledFuture<?> timer;
    private long lastHeard;
    private long owedSince;
    private boolean pinged;

    KeepAlive(Connection connection, ServerSettings settings) {
        this.connection = connection;
        this.intervalNanos = settings.pingInterval().toNanos();
        this.timeoutNanos = settings.pingTimeout().toNanos();
    }

    void start() {
        lastHeard = System.nanoTime();
        owedSince = lastHeard;
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

    /** Data that was owed has come. */
    void heardData() {
        owedSince = System.nanoTime();
    }

    @Override
    public void run() {
        long now = System.nanoTime();
        if (!connection.tasks().values().stream().anyMatch(IscsiTask::owedData)) {
            owedSince = now;
        }
        long silent = now - lastHeard;
        if (silent > intervalNanos + timeoutNanos) {
            close("no answer to a ping");
        } else if (now - owedSince > timeoutNanos) {
            close("data that was asked for does not come");
        } else if (silent > intervalNanos && !pinged) {
            pinged = true;
            connection.write(new NopInPdu(0, BasicHeader.NO_TAG, connection.nextTransferTag(), Unpooled.EMPTY_BUFFER));
        }
    }

    private void close(String why) {
        LOG.warn("session={} closed: {}", connection.session().tsih(), why);
        connection.channel().close();
    }
}
