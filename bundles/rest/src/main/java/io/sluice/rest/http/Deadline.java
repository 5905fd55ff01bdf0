package io.sluice.rest.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that a connection waits for its peer only so long: until it sends something, from its first byte until a request is
 * complete, and until it has taken an answer. Each is counted from its beginning, so that bytes that trickle win nothing. On the
 * event loop of the connection.
 */
final class Deadline extends ChannelInboundHandlerAdapter {

    /** A request has begun, and did not become complete in time. */
    static final Object REQUEST_TOO_SLOW = new Object();

    private enum Waiting {
        FOR_FIRST_BYTE,
        FOR_REQUEST,
        FOR_OURSELVES,
        FOR_END
    }

    private final Duration most;
    private Waiting waiting = Waiting.FOR_FIRST_BYTE;
    private ChannelHandlerContext context;
    private ScheduledFuture<?> timer;

    Deadline(Duration most) {
        this.most = most;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        start(Waiting.FOR_FIRST_BYTE);
        active.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object bytes) {
        if (waiting == Waiting.FOR_FIRST_BYTE) {
            start(Waiting.FOR_REQUEST);
        }
        reading.fireChannelRead(bytes);
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        stop();
        inactive.fireChannelInactive();
    }

    /** A request is complete: from now on the peer waits for us. */
    void requestIsComplete() {
        stop();
        waiting = Waiting.FOR_OURSELVES;
    }

    /** An answer is being written, behind which nothing but the end of the connection comes. */
    void answerIsTheLast() {
        start(Waiting.FOR_END);
    }

    /** An answer is being written. The same time is for the next request to begin. */
    void answerBegins() {
        start(Waiting.FOR_FIRST_BYTE);
    }

    private void start(Waiting newWaiting) {
        stop();
        waiting = newWaiting;
        timer = context.executor().schedule(this::expire, most.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void expire() {
        if (waiting == Waiting.FOR_REQUEST) {
            // Whoever takes no answer either is closed then.
            start(Waiting.FOR_END);
            context.fireUserEventTriggered(REQUEST_TOO_SLOW);
        } else {
            context.close();
        }
    }
}
