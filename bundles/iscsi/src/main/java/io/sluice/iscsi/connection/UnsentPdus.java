package io.sluice.iscsi.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.sluice.iscsi.transfer.TransferChannel.Sent;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The PDUs of a connection that have been written and are not out yet, in number and bytes. It is the promise that all of
 * them are written with, so that to know when each one is out takes no memory for each. On the event loop only.
 */
final class UnsentPdus extends DefaultChannelPromise {

    private static final int MANY = 1024;
    private static final int FEW = 256;
    private static final long MANY_BYTES = 4 << 20;
    private static final long FEW_BYTES = 1 << 20;
    private static final Sent NOBODY = () -> {};

    private final Queue<Sent> waiting = new ArrayDeque<>();
    private final Runnable onSent;
    private boolean failed;

    /** @param onSent run whenever a PDU is out, perhaps in the middle of a flush */
    UnsentPdus(Channel channel, Runnable onSent) {
        super(channel);
        this.onSent = onSent;
    }

    /** A PDU is about to be written. */
    void add(Sent whenSent) {
        waiting.add(whenSent == null ? NOBODY : whenSent);
    }

    /** Returns whether so much waits that nothing should be read that asks for more. */
    boolean tooMany() {
        return waiting.size() > MANY || bytes() > MANY_BYTES;
    }

    /**
     * Returns whether so little waits that reading may go on. A PDU that is out just now still counts among the bytes, and after
     * the last one nobody asks again.
     */
    boolean few() {
        return waiting.isEmpty() || waiting.size() <= FEW && bytes() <= FEW_BYTES;
    }

    private long bytes() {
        var buffer = channel().unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    private boolean one() {
        Sent sent = waiting.poll();
        if (sent != null) {
            sent.sent();
        }
        onSent.run();
        return true;
    }

    @Override
    public boolean trySuccess() {
        return one();
    }

    @Override
    public boolean trySuccess(Void result) {
        return one();
    }

    @Override
    public ChannelPromise setSuccess(Void result) {
        one();
        return this;
    }

    @Override
    public boolean tryFailure(Throwable cause) {
        one();
        if (!failed) {
            failed = true;
            channel().pipeline().fireExceptionCaught(cause);
        }
        return true;
    }

    @Override
    public ChannelPromise setFailure(Throwable cause) {
        tryFailure(cause);
        return this;
    }

    @Override
    public boolean setUncancellable() {
        return true;
    }

    @Override
    public boolean isDone() {
        return false;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }
}
