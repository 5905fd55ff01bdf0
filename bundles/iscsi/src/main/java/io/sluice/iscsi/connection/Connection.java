package io.sluice.iscsi.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.sluice.iscsi.pdu.AsyncMessagePdu;
import io.sluice.iscsi.pdu.BasicHeader;
import io.sluice.iscsi.pdu.InitiatorPdu;
import io.sluice.iscsi.pdu.PduDecoder;
import io.sluice.iscsi.pdu.PduWriter;
import io.sluice.iscsi.pdu.TargetPdu;
import io.sluice.iscsi.session.CommandWindow;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.session.SessionConnection;
import io.sluice.iscsi.text.NegotiatedParameters;
import io.sluice.iscsi.transfer.ConnectionBudget;
import io.sluice.iscsi.transfer.DataBudget;
import io.sluice.iscsi.transfer.IscsiTask;
import io.sluice.iscsi.transfer.TransferChannel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * The state of one connection. All of it is touched on the event loop only, except for what {@link SessionConnection} and
 * {@link TransferChannel} name otherwise.
 */
public final class Connection implements TransferChannel, SessionConnection {

    private static final int FIRST_STAT_SN = 1;

    /** Less than a store waits for what was lent of it. */
    private static final int LAST_PDU_SECONDS = 3;

    private final Channel channel;
    private final PduDecoder decoder;
    private final DataBudget memory;
    private final int windowSize;
    private final Deadline deadline;
    private final UnsentPdus unsent;
    private final Reading reading;
    private final PduWriter writer;
    private final IntObjectMap<IscsiTask> tasks = new IntObjectHashMap<>();
    private CommandWindow<InitiatorPdu> window;
    private ConnectionBudget budget;
    private Session session;
    private final Runnable flush = this::flushIfDirty;
    private Runnable onTaskEnd = () -> {};
    private Runnable onStop = () -> {};
    private Runnable onProgress = () -> {};
    private boolean resuming;
    private boolean batching;
    private boolean dirty;
    private int lastTransferTag;
    private int connectionId;
    private CompletableFuture<Void> idle;

    public Connection(Channel channel, PduDecoder decoder, ServerSettings settings, DataBudget memory) {
        this.channel = channel;
        this.decoder = decoder;
        this.memory = memory;
        this.windowSize = settings.commandWindow();
        this.deadline = new Deadline(channel.eventLoop(), settings.endTimeout());
        begin(0, 0);
        this.reading = new Reading(channel);
        this.unsent = new UnsentPdus(channel, this::onSent);
        this.writer = new PduWriter(channel, FIRST_STAT_SN, new LoginWindow(), unsent);
    }

    /** During login the window is where the first request put it. */
    private final class LoginWindow implements PduWriter.Window {
        @Override
        public int expCmdSn() {
            return window.expCmdSn();
        }

        @Override
        public int maxCmdSn() {
            return window.maxCmdSn();
        }
    }

    /** Takes the connection identifier and begins the numbering of commands with the CmdSN of the first Login Request. */
    void begin(int cid, int cmdSn) {
        connectionId = cid;
        window = new CommandWindow<>(windowSize, cmdSn, () -> budget != null && budget.tight());
    }

    int connectionId() {
        return connectionId;
    }

    /** Goes on in the full feature phase; the last Login Response must have been written. */
    void enterFullFeaturePhase(Session newSession, FullFeatureHandler handler) {
        session = newSession;
        budget = memory.open(newSession.initiator().iscsiName(), remoteHost(), channel.eventLoop());
        channel.closeFuture().addListener(closed -> budget.close());
        onTaskEnd = handler::taskEnded;
        onStop = handler::stopped;
        onProgress = handler::sent;
        NegotiatedParameters parameters = newSession.parameters();
        decoder.enterFullFeaturePhase(
                parameters.targetMaxRecvDataSegmentLength(), parameters.headerDigest(), parameters.dataDigest());
        writer.enterFullFeaturePhase(window, parameters.headerDigest(), parameters.dataDigest());
    }

    Channel channel() {
        return channel;
    }

    Session session() {
        return session;
    }

    CommandWindow<InitiatorPdu> window() {
        return window;
    }

    IntObjectMap<IscsiTask> tasks() {
        return tasks;
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

    @Override
    public void write(TargetPdu pdu, Sent whenSent) {
        unsent.add(whenSent);
        writer.write(pdu);
        if (!dirty && !batching) {
            // What other threads have ended since comes behind, and leaves with it.
            execute(flush);
        }
        dirty = true;
        if (!reading.isPaused() && !reading.isStopped() && unsent.tooMany()) {
            pause();
        }
    }

    /** Of an initiator that does not take its answers nothing is read that would ask for more. */
    private void pause() {
        decoder.pause();
        reading.pause();
    }

    private void onSent() {
        onProgress.run();
        if (reading.isPaused() && !resuming && unsent.few()) {
            resuming = true;
            execute(this::resume);
        }
    }

    private void resume() {
        resuming = false;
        if (reading.isStopped() || !unsent.few()) {
            return;
        }
        reading.unpause();
        beginBatch();
        decoder.resume();
        reading.goOn();
    }

    /** Returns what says whether its socket is read. */
    Reading reading() {
        return reading;
    }

    /** Returns whether the initiator does not take its answers, and so is not read. */
    boolean paused() {
        return reading.isPaused();
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

    @Override
    public boolean inEventLoop() {
        return channel.eventLoop().inEventLoop();
    }

    @Override
    public void execute(Runnable action) {
        channel.eventLoop().execute(action);
    }

    @Override
    public ByteBuf allocate(int length) {
        return channel.alloc().directBuffer(length, length);
    }

    @Override
    public NegotiatedParameters parameters() {
        return session.parameters();
    }

    @Override
    public int nextTransferTag() {
        lastTransferTag = lastTransferTag == Integer.MAX_VALUE ? 1 : lastTransferTag + 1;
        return lastTransferTag;
    }

    /** Returns whether a tag was given out at some time, or is the one that stands for none; a late answer is none too many. */
    boolean knowsTransferTag(int tag) {
        return tag == BasicHeader.NO_TAG || (tag > 0 && tag <= lastTransferTag);
    }

    @Override
    public boolean reserve(long bytes, Runnable granted) {
        return budget.reserve(bytes, granted);
    }

    @Override
    public void release(long bytes) {
        budget.release(bytes);
    }

    @Override
    public void withdraw(Runnable granted) {
        budget.withdraw(granted);
    }

    @Override
    public boolean takeUnasked(long bytes) {
        return budget.takeUnasked(bytes);
    }

    @Override
    public void releaseUnasked(long bytes) {
        budget.releaseUnasked(bytes);
    }

    ConnectionBudget budget() {
        return budget;
    }

    /** Gives back the memory that a command took while it waited for its turn. */
    void releaseEarly(InitiatorPdu early) {
        int length = early.data().readableBytes();
        if (length > 0) {
            budget.releaseUnasked(length);
        }
    }

    /** Lets go of a command that waited for its turn, which will not come. */
    void discardEarly(InitiatorPdu early) {
        releaseEarly(early);
        early.data().release();
    }

    @Override
    public boolean isOpen() {
        return channel.isActive() && !reading.isStopped();
    }

    @Override
    public void ending() {
        window.end();
    }

    @Override
    public void ended(IscsiTask task) {
        tasks.remove(task.initiatorTaskTag(), task);
        onTaskEnd.run();
        completeIfIdle();
    }

    private void completeIfIdle() {
        if (idle != null && tasks.isEmpty()) {
            idle.complete(null);
        }
    }

    @Override
    public CompletionStage<Void> requestLogout(int seconds) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        execute(() -> {
            idle = result;
            if (channel.isActive() && session != null) {
                write(new AsyncMessagePdu(AsyncMessagePdu.LOGOUT_REQUEST, 0, 0, seconds));
            }
            completeIfIdle();
        });
        channel.closeFuture().addListener(closed -> result.complete(null));
        return result;
    }

    @Override
    public CompletionStage<Void> stop() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        if (inEventLoop()) {
            stopNow();
            result.complete(null);
            return result;
        }
        try {
            execute(() -> {
                stopNow();
                result.complete(null);
            });
        } catch (RejectedExecutionException eventLoopIsGone) {
            result.complete(null);
        }
        return result;
    }

    /** From here on the socket is not read, and what has been read and not begun is let go. */
    void stopNow() {
        if (reading.isStopped()) {
            return;
        }
        reading.stop();
        decoder.stop();
        onStop.run();
        List.copyOf(tasks.values()).forEach(IscsiTask::connectionStopped);
    }

    /** Waits for a stage, but not for ever, and goes on on the event loop with its result or a failure. */
    <T> void await(CompletionStage<T> stage, BiConsumer<? super T, ? super Throwable> then) {
        deadline.await(stage, then);
    }

    @Override
    public void drop() {
        execute(() -> {
            stopNow();
            if (channel.isActive() && session != null) {
                NegotiatedParameters parameters = session.parameters();
                writeAndClose(new AsyncMessagePdu(
                        AsyncMessagePdu.SESSION_DROPPED,
                        0,
                        parameters.defaultTime2Wait(),
                        parameters.defaultTime2Retain()));
            } else {
                channel.close();
            }
        });
    }

    @Override
    public String localAddress() {
        return text((InetSocketAddress) channel.localAddress());
    }

    @Override
    public String remoteAddress() {
        return text((InetSocketAddress) channel.remoteAddress());
    }

    /** Returns the host of the initiator. */
    public String remoteHost() {
        InetSocketAddress address = (InetSocketAddress) channel.remoteAddress();
        return address == null ? "" : address.getAddress().getHostAddress();
    }

    private static String text(InetSocketAddress address) {
        if (address == null) {
            return "";
        }
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
