package io.sluice.iscsi.connection;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;

/**
 * Whether the socket of a connection is read: not while its initiator does not take its answers, not while it rests or moves, and never
 * again after it was stopped. On the event loop only.
 */
final class Reading {

    private final Channel channel;
    private boolean paused;
    private boolean resting;
    private boolean stopped;
    private boolean held;

    Reading(Channel channel) {
        this.channel = channel;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Reads nothing until {@link #goOn}. */
    void pause() {
        paused = true;
        channel.config().setAutoRead(false);
    }

    /** Ends the pause, but reads nothing yet: what was kept comes first, and may lead to another pause. */
    void unpause() {
        paused = false;
    }

    /** Reads again, if nothing is against it. */
    void goOn() {
        if (!paused && !resting && !stopped && !held) {
            channel.config().setAutoRead(true);
        }
    }

    /** Reads nothing while the connection moves to another event loop, or rests with what has come already. */
    void hold() {
        held = true;
        channel.config().setAutoRead(false);
    }

    /** The connection has moved, or rested. */
    void letGo() {
        held = false;
    }

    /** Reads nothing for a while. */
    void rest(int millis) {
        if (!resting && !stopped) {
            resting = true;
            channel.config().setAutoRead(false);
            channel.eventLoop().schedule(this::endRest, millis, TimeUnit.MILLISECONDS);
        }
    }

    private void endRest() {
        if (!channel.eventLoop().inEventLoop()) {
            // The connection has moved meanwhile.
            channel.eventLoop().execute(this::endRest);
            return;
        }
        resting = false;
        goOn();
    }

    /** Reads nothing any more. */
    void stop() {
        stopped = true;
        channel.config().setAutoRead(false);
    }
}
