package io.sluice.iscsi.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.sluice.iscsi.pdu.PduDecoder;
import io.sluice.iscsi.pdu.PduWriter;
import io.sluice.iscsi.pdu.TargetPdu;
import io.sluice.iscsi.transfer.TransferChannel.Sent;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What is written to an initiator: gathered in batches, each sent with one flush. While it does not take what it is sent, nothing
 * is read of it that would ask for more, nor while it rests. On the event loop only.
 */
final class Outgoing {

    /** Less than a store waits for what was lent of it. */
    private static final int LAST_PDU_SECONDS = 3;

    private final Channel channel;
    private final PduDecoder decoder;
    private final Reading reading;
    private final UnsentPdus unsent;
    private final PduWriter writer;
    private final Runnable flush = this::flushIfDirty;
    private Runnable onProgress = () -> {};
    private Runnable onGoOn = () -> {};
    private boolean resuming;
    private boolean resting;
    private boolean batching;
    private boolean dirty;

    Outgoing(Channel channel, PduDecoder decoder, Reading reading, int statSn, PduWriter.Window window) {
        this.channel = channel;
        this.decoder = decoder;
        this.reading = reading;
        this.unsent = new UnsentPdus(channel, this::onSent);
        this.writer = new PduWriter(channel, statSn, window, unsent);
    }

    /** Returns what numbers and encodes PDUs. */
    PduWriter writer() {
        return writer;
    }

    /** Has something run whenever a PDU is out. */
    void onProgress(Runnable action) {
        onProgress = action;
    }

    /** Has something run when what has come is passed on again, before it is. */
    void onGoOn(Runnable action) {
        onGoOn = action;
    }

    /** Writes are gathered from here on until {@link #endBatch}. */
    void beginBatch() {
        batching = true;
    }

    void endBatch() {
        batching = false;
        flushIfDirty();
    }

    private void flushIfDirty() {
        if (dirty) {
            dirty = false;
            channel.flush();
        }
    }

    /**
     * Writes a PDU; it is flushed at the end of the present batch.
     *
     * @param whenSent told when the PDU is out or the connection gone, or null
     */
    void write(TargetPdu pdu, Sent whenSent) {
        unsent.add(whenSent);
        writer.write(pdu);
        written();
    }

    /** As the other one, for PDUs that are written as one piece. */
    void writeTogether(List<? extends TargetPdu> pdus, Sent whenSent) {
        unsent.add(whenSent);
        writer.writeTogether(pdus);
        written();
    }

    private void written() {
        if (!dirty && !batching) {
            // What other threads have ended since comes behind, and leaves with it.
            channel.eventLoop().execute(flush);
        }
        dirty = true;
        if (!reading.isPaused() && !reading.isStopped() && unsent.tooMany()) {
            pause();
        }
    }

    private void pause() {
        decoder.pause();
        reading.pause();
    }

    private void onSent() {
        onProgress.run();
        if (reading.isPaused() && !resuming && unsent.few()) {
            resuming = true;
            channel.eventLoop().execute(this::resume);
        }
    }

    private void resume() {
        resuming = false;
        if (reading.isStopped() || !unsent.few()) {
            return;
        }
        reading.unpause();
        goOn();
    }

    /** Passes nothing on for a while, not even what has come already. */
    void rest(long nanos) {
        if (!resting && !reading.isStopped()) {
            resting = true;
            decoder.pause();
            reading.hold();
            channel.eventLoop().schedule(this::endRest, nanos, TimeUnit.NANOSECONDS);
        }
    }

    boolean rests() {
        return resting;
    }

    private void endRest() {
        resting = false;
        reading.letGo();
        goOn();
    }

    private void goOn() {
        if (reading.isStopped() || reading.isPaused() || resting) {
            return;
        }
        beginBatch();
        onGoOn.run();
        if (reading.isPaused() || resting) {
            endBatch();
            return;
        }
        decoder.resume();
        reading.goOn();
    }

    /** Writes a last PDU and closes the connection when it is out, or soon for an initiator that does not read. */
    void writeAndClose(TargetPdu pdu) {
        ChannelFuture written = writer.writeLast(pdu);
        channel.flush();
        written.addListener(ChannelFutureListener.CLOSE);
        if (!written.isDone()) {
            Future<?> patience =
                    channel.eventLoop().schedule(() -> channel.close(), LAST_PDU_SECONDS, TimeUnit.SECONDS);
            channel.closeFuture().addListener(closed -> patience.cancel(false));
        }
    }
}
