package io.sluice.iscsi.trace;

import io.sluice.iscsi.pdu.BasicHeader;
import io.sluice.iscsi.pdu.Opcode;
import io.sluice.iscsi.pdu.PduWatch;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.trace.TracedEvent.Who;
import io.sluice.scsi.Status;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a connection tells the trace, if there is one. It may begin and end whenever it likes, and the connection is asked for
 * nothing. On the event loop of the connection.
 */
public final class ConnectionTrace implements PduWatch {

    /** More than a login may be long; where it has not said who it is by then, it is not traced. */
    private static final int MOST_BEFORE_LOGIN = 64;

    private static final int MOST_TASKS = 4096;
    private static final int CONTINUES = 0x40;
    private static final int LOGIN_TEXT = 16 << 10;
    private static final int INITIATOR_TASK_TAG = 16;
    private static final int LUN = 8;
    private static final int CODE = 2;
    private static final int STATUS_FLAG = 0x01;
    private static final int FUNCTION = 0x7F;

    private final Tracer tracer;
    private final TracedPdu.Ends ends;
    private Who who;
    private boolean closed;
    private boolean headerDigest;
    private boolean dataDigest;

    /** Which trace what stands below is for. */
    private long seen;

    private boolean wanted;
    private boolean pdusBefore;
    private ProofMask fromInitiator;
    private ProofMask fromTarget;
    /** What has come while it was not known whose it is; null once it is. */
    private List<TracedPdu> undecided;
    /** Tags of the commands that are traced, if not all are; of task management, its function. */
    private final Map<Integer, Integer> tasks = new HashMap<>();

    /**
     * @param initiator address of the initiator
     * @param portal address that it has come to
     */
    public ConnectionTrace(Tracer tracer, SocketAddress initiator, SocketAddress portal) {
        this.tracer = tracer;
        this.ends = new TracedPdu.Ends(initiator, portal);
    }

    @Override
    public boolean isOn() {
        if (tracer.current() != null) {
            return trace() != null;
        }
        if (!pdusBefore) {
            pdusBefore = true;
        }
        return false;
    }

    /** Returns the trace if it may be about this connection; what was for an earlier one is forgotten. */
    private Trace trace() {
        Trace trace = tracer.current();
        if (trace != null && trace.id() != seen) {
            seen = trace.id();
            tasks.clear();
            fromInitiator = new ProofMask(!pdusBefore);
            fromTarget = new ProofMask(!pdusBefore);
            boolean known = who != null || trace.wantsAll();
            undecided = known ? null : new ArrayList<>();
            wanted = known && trace.wants(who == null ? Who.NOBODY : who);
        }
        pdusBefore = true;
        return trace != null && (wanted || undecided != null) ? trace : null;
    }

    /** Returns whether data is to be seen, so that it may not pass by a way where it is not. */
    public boolean wantsData() {
        Trace trace = tracer.current();
        return trace != null && trace.request().dataBytes() > 0;
    }

    @Override
    public int keeps(Opcode opcode, int dataLength) {
        Trace trace = trace();
        if (trace == null) {
            return 0;
        }
        return switch (opcode) {
            // All of the text, because what is a secret in it is known only then.
            case LOGIN_REQUEST, LOGIN_RESPONSE, TEXT_REQUEST, TEXT_RESPONSE -> dataLength;
            case SCSI_RESPONSE, REJECT, ASYNC_MESSAGE -> dataLength;
            default -> Math.min(dataLength, trace.request().dataBytes());
        };
    }

    @Override
    public void passed(Opcode opcode, byte[] head, byte[] data, int dataLength) {
        Trace trace = trace();
        if (trace == null) {
            return;
        }
        if (opcode == Opcode.LOGIN_REQUEST || opcode == Opcode.LOGIN_RESPONSE) {
            ProofMask mask = opcode == Opcode.LOGIN_REQUEST ? fromInitiator : fromTarget;
            mask.apply(data, (head[1] & CONTINUES) != 0);
        }
        boolean received = opcode.fromInitiator();
        if (isOfOthers(trace, opcode, head)) {
            return;
        }
        boolean login = opcode == Opcode.LOGIN_REQUEST || opcode == Opcode.LOGIN_RESPONSE;
        TracedPdu pdu = new TracedPdu(
                ends,
                trace.epochNanos(System.nanoTime()),
                received,
                head,
                data,
                dataLength,
                headerDigest && !login,
                dataDigest && !login);
        if (undecided == null) {
            trace.add(pdu);
            tell(trace, opcode, head);
        } else if (undecided.size() < MOST_BEFORE_LOGIN) {
            undecided.add(pdu);
        }
    }

    /** Of a command only the first PDU is sure to say what unit it is for. */
    private boolean isOfOthers(Trace trace, Opcode opcode, byte[] head) {
        int tag = BasicHeader.s32(head, INITIATOR_TASK_TAG);
        switch (opcode) {
            case SCSI_COMMAND -> {
                boolean ours = trace.wantsLun(BasicHeader.s64(head, LUN));
                if (ours && tasks.size() < MOST_TASKS) {
                    tasks.put(tag, 0);
                }
                return !ours;
            }
            case DATA_OUT, R2T -> {
                return isOther(trace, tag);
            }
            case DATA_IN -> {
                boolean other = isOther(trace, tag);
                if ((head[1] & STATUS_FLAG) != 0) {
                    tasks.remove(tag);
                }
                return other;
            }
            case SCSI_RESPONSE -> {
                boolean other = isOther(trace, tag);
                tasks.remove(tag);
                return other;
            }
            default -> {
                return false;
            }
        }
    }

    private boolean isOther(Trace trace, int tag) {
        return trace.request().lun() >= 0 && !tasks.containsKey(tag);
    }

    private void tell(Trace trace, Opcode opcode, byte[] head) {
        int tag = BasicHeader.s32(head, INITIATOR_TASK_TAG);
        switch (opcode) {
            case TASK_MANAGEMENT_REQUEST -> {
                if (tasks.size() < MOST_TASKS) {
                    tasks.put(tag, head[1] & FUNCTION);
                }
            }
            case TASK_MANAGEMENT_RESPONSE -> {
                Integer function = tasks.remove(tag);
                add(trace, FunctionWords.of(function == null ? -1 : function, head[CODE] & 0xFF));
            }
            case LOGOUT_REQUEST -> add(trace, "logout");
            case REJECT -> add(trace, "a PDU was rejected, reason " + (head[CODE] & 0xFF));
            default -> {}
        }
    }

    private void add(Trace trace, String words) {
        trace.add(TracedEvent.of(trace.epochNanos(System.nanoTime()), who == null ? Who.NOBODY : who, words));
    }

    /** It is known whose the connection is: it has logged in. */
    public void loggedIn(Session session, boolean headers, boolean data) {
        String target = session.targetName() == null ? "" : session.targetName();
        who = new Who(
                session.tsih(),
                session.initiator().iscsiName(),
                session.admitted().grant().by(),
                target);
        headerDigest = headers;
        dataDigest = data;
        decide("login");
    }

    /** The login is refused. */
    public void refused(String initiator, String target, String why) {
        who = new Who(0, initiator, "", target);
        decide("login refused: " + why);
    }

    private void decide(String words) {
        Trace trace = trace();
        if (trace == null) {
            return;
        }
        if (undecided != null) {
            wanted = trace.wants(who);
            if (wanted) {
                undecided.forEach(trace::add);
            }
            undecided = null;
        }
        if (wanted) {
            add(trace, words);
        }
    }

    /** The connection is closed. */
    public void closed() {
        Trace trace = trace();
        if (trace != null && wanted && !closed) {
            closed = true;
            add(trace, "connection closed");
        }
        undecided = null;
    }

    /** Returns what traces a command that has come, or null if it is not to be traced. */
    public CommandTrace command(long lun, byte[] cdb) {
        if (!isOn()) {
            return null;
        }
        Trace trace = trace();
        return trace != null && wanted && trace.wantsLun(lun) ? new CommandTrace(this, seen, lun, cdb) : null;
    }

    /** A command has ended that was traced; if the trace has ended before it, that is too late. */
    void ended(
            long id,
            long received,
            long lun,
            byte[] cdb,
            Status status,
            byte[] sense,
            long waited,
            long stored,
            long answered) {
        Trace trace = tracer.current();
        long total = waited + stored + answered;
        if (trace != null
                && trace.id() == id
                && total >= trace.request().slowerThan().toNanos()) {
            trace.add(new TracedEvent(
                    trace.epochNanos(received), who, lun, cdb, status, sense, waited, stored, answered, ""));
        }
    }
}
