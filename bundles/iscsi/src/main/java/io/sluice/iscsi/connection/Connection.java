package io.sluice.iscsi.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.sluice.access.Caller;
import io.sluice.config.AddressText;
import io.sluice.iscsi.login.Admitted;
import io.sluice.iscsi.login.Origin;
import io.sluice.iscsi.pdu.AsyncMessagePdu;
import io.sluice.iscsi.pdu.BasicHeader;
import io.sluice.iscsi.pdu.DataInPdu;
import io.sluice.iscsi.pdu.PduDecoder;
import io.sluice.iscsi.pdu.PduWriter;
import io.sluice.iscsi.pdu.TargetPdu;
import io.sluice.iscsi.session.EndReason;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.session.SessionConnections;
import io.sluice.iscsi.text.NegotiatedParameters;
import io.sluice.iscsi.trace.ConnectionTrace;
import io.sluice.iscsi.trace.Tracer;
import io.sluice.iscsi.transfer.ConnectionBudget;
import io.sluice.iscsi.transfer.DataBudget;
import io.sluice.iscsi.transfer.IscsiTask;
import io.sluice.iscsi.transfer.TransferChannel;
import io.sluice.scsi.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * The state of one connection. All of it is touched on the event loop only, except for what {@link TransferChannel} names
 * otherwise. A connection that joins a session moves to the event loop of that one.
 */
public final class Connection implements TransferChannel {

    private static final int FIRST_STAT_SN = 1;

    /** Below this length what stands for a piece of a file takes too much of the memory that the piece does not take. */
    private static final int LEAST_SEGMENT_OF_A_FILE = 8 << 10;

    private final Channel channel;
    private final PduDecoder decoder;
    private final DataBudget memory;
    private final int localSendFileBytes;
    private final Deadline deadline;
    private final ConnectionEnd end = new ConnectionEnd();
    private final Reading reading;
    private final Outgoing outgoing;
    private final Acknowledgement acknowledgement;
    private final ConnectionTrace trace;
    private final IntObjectMap<IscsiTask> tasks = new IntObjectHashMap<>();
    private ConnectionBudget budget;
    private ConnectionGroup group;
    private volatile Admitted admitted;
    private volatile NegotiatedParameters parameters;
    private Runnable onTaskEnd = () -> {};
    private Runnable onStop = () -> {};
    private int lastTransferTag;
    private int connectionId;
    private int sendFileBytes;
    private boolean fullFeaturePhase;
    private CompletableFuture<Void> idle;

    public Connection(Channel channel, PduDecoder decoder, ServerSettings settings, DataBudget memory, Tracer tracer) {
        this.channel = channel;
        this.decoder = decoder;
        this.memory = memory;
        this.localSendFileBytes = settings.localSendFileBytes();
        this.deadline = new Deadline(channel, settings.endTimeout());
        this.reading = new Reading(channel);
        this.outgoing = new Outgoing(channel, decoder, reading, FIRST_STAT_SN, new LoginWindow(0, 0));
        this.acknowledgement = new Acknowledgement(this, outgoing.writer());
        this.trace = new ConnectionTrace(tracer, channel.remoteAddress(), channel.localAddress());
        decoder.showTo(trace);
        outgoing.writer().showTo(trace);
    }

    /** What is told of the command window during the login. */
    private record LoginWindow(int expCmdSn, int maxCmdSn) implements PduWriter.Window {}

    /**
     * Takes the connection identifier, and what is told of the command window until the login is complete.
     *
     * @param maxCmdSn less than CmdSN by two for a connection that is to join a session: an initiator ignores both numbers
     *     then (RFC 7143 4.2.2.1), and what holds for its session is known on another event loop
     */
    void begin(int cid, int cmdSn, int maxCmdSn) {
        connectionId = cid;
        outgoing.writer().window(new LoginWindow(cmdSn, maxCmdSn));
    }

    int connectionId() {
        return connectionId;
    }

    /** Goes on in a session; what is written from now on has the numbers of its window. */
    void enterSession(ConnectionGroup of, Admitted who, NegotiatedParameters agreed) {
        group = of;
        admitted = who;
        parameters = agreed;
        outgoing.writer().window(of.window());
    }

    /** Goes on in the full feature phase; the last Login Response must have been written. */
    void enterFullFeaturePhase(FullFeatureHandler handler) {
        Caller caller = admitted.caller();
        budget = memory.open(session().initiator().iscsiName(), Origin.of(caller.remote()), channel.eventLoop());
        channel.closeFuture().addListener(closed -> budget.close());
        trace.loggedIn(session(), parameters.headerDigest(), parameters.dataDigest());
        channel.closeFuture().addListener(closed -> trace.closed());
        sendFileBytes = Origin.isLocal(caller.remote(), caller.local()) ? localSendFileBytes : 0;
        onTaskEnd = handler::taskEnded;
        onStop = handler::stopped;
        outgoing.onProgress(handler::sent);
        outgoing.onGoOn(handler::goOn);
        decoder.enterFullFeaturePhase(
                parameters.targetMaxRecvDataSegmentLength(), parameters.headerDigest(), parameters.dataDigest());
        outgoing.writer().enterFullFeaturePhase(parameters.headerDigest(), parameters.dataDigest());
        fullFeaturePhase = true;
    }

    boolean isInFullFeaturePhase() {
        return fullFeaturePhase;
    }

    /** Moves to another event loop, where it goes on. Nothing is read or passed on meanwhile. */
    void moveTo(EventLoop other, Runnable then) {
        if (channel.eventLoop() == other) {
            then.run();
            return;
        }
        decoder.pause();
        reading.hold();
        // What the old loop has planned to send comes before it lets go, and plans nothing more.
        int spins = channel.config().getWriteSpinCount();
        channel.config().setWriteSpinCount(Integer.MAX_VALUE);
        channel.deregister().addListener(left -> other.register(channel).addListener(moved -> {
            if (moved.isSuccess()) {
                channel.config().setWriteSpinCount(spins);
                // What could not be sent at once on the old one.
                channel.flush();
                reading.letGo();
                then.run();
                decoder.resume();
                reading.goOn();
            } else {
                channel.close();
            }
        }));
    }

    Channel channel() {
        return channel;
    }

    Session session() {
        return group.session();
    }

    /** Returns who was let in; any thread, once it is in a session. */
    Admitted admitted() {
        return admitted;
    }

    ConnectionGroup group() {
        return group;
    }

    /** Returns whether memory for what comes unasked gets short. */
    boolean isTight() {
        return budget != null && budget.tight();
    }

    IntObjectMap<IscsiTask> tasks() {
        return tasks;
    }

    /** Writes are gathered from here on until {@link #endBatch}. */
    void beginBatch() {
        outgoing.beginBatch();
    }

    void endBatch() {
        outgoing.endBatch();
    }

    @Override
    public void write(TargetPdu pdu, Sent whenSent) {
        outgoing.write(pdu, whenSent);
    }

    @Override
    public void writeTogether(List<DataInPdu> pdus, Sent whenSent) {
        outgoing.writeTogether(pdus, whenSent);
    }

    /** Serves nothing more of it for a while, not even what has come already. */
    void rest(long nanos) {
        outgoing.rest(nanos);
    }

    /** Returns whether it rests. */
    boolean rests() {
        return outgoing.rests();
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
        outgoing.writeAndClose(pdu);
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
    public boolean sendsFromFile(int length) {
        return length >= sendFileBytes
                && parameters.initiatorMaxRecvDataSegmentLength() >= LEAST_SEGMENT_OF_A_FILE
                && !trace.wantsData();
    }

    @Override
    public NegotiatedParameters parameters() {
        return parameters;
    }

    /** The initiator takes data segments of another length from now on (RFC 7143 13.12). */
    void declareMaxRecvDataSegmentLength(int bytes) {
        parameters = parameters.withInitiatorMaxRecvDataSegmentLength(bytes);
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

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public boolean isOpen() {
        return channel.isActive() && !reading.isStopped();
    }

    @Override
    public boolean holdsBack(IscsiTask task, Status status, byte[] sense) {
        return group.fence().holdsBack(this, task, status, sense);
    }

    ConnectionTrace trace() {
        return trace;
    }

    Acknowledgement acknowledgement() {
        return acknowledgement;
    }

    @Override
    public void ending() {
        group.window().end();
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

    /** Asks the initiator to log out. Returns a stage that completes when no command is under way, or it is closed. */
    CompletableFuture<Void> requestLogout(int seconds) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        idle = result;
        if (channel.isActive() && fullFeaturePhase) {
            write(new AsyncMessagePdu(AsyncMessagePdu.LOGOUT_REQUEST, 0, 0, seconds));
        }
        completeIfIdle();
        channel.closeFuture().addListener(closed -> result.complete(null));
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
        List.copyOf(tasks.values()).forEach(IscsiTask::hurry);
    }

    /** Waits for a stage, but not for ever, and goes on on the event loop with its result or a failure. */
    <T> void await(CompletionStage<T> stage, BiConsumer<? super T, ? super Throwable> then) {
        deadline.await(stage, then);
    }

    /** Returns what is known of its end. */
    ConnectionEnd end() {
        return end;
    }

    /** Closes it because of what the initiator has done, which is told on the other connections of the session. */
    void close(EndReason why, String detail) {
        end.because(why, detail);
        group.tellDropped(this);
        channel.close();
    }

    /** Stops, and closes, telling the initiator that its session is dropped. */
    void drop() {
        stopNow();
        if (channel.isActive() && fullFeaturePhase) {
            writeAndClose(new AsyncMessagePdu(AsyncMessagePdu.SESSION_DROPPED, 0, parameters.defaultTime2Wait(), 0));
        } else {
            channel.close();
        }
    }

    /** Returns what it is, for people. */
    SessionConnections.Open asOpen() {
        return new SessionConnections.Open(connectionId, text(channel.localAddress()), remoteAddress());
    }

    /** Returns the initiator's address, for people. */
    String remoteAddress() {
        return text(channel.remoteAddress());
    }

    private static String text(SocketAddress address) {
        return AddressText.of((InetSocketAddress) address);
    }
}
