package io.sluice.iscsi.connection;

import io.sluice.iscsi.session.EndReason;
import io.sluice.iscsi.transfer.IscsiTask;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseKey;
import io.sluice.scsi.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Keeps responses in order over the connections of a session (Response Fence, RFC 7143 4.2.2.3). A fenced response goes out
 * when what was sent before it over all connections, its own among them, has been acknowledged, and what belongs to the same unit
 * goes out when the fenced one has been; that one may wait itself, for another or for the tasks that it is about. A connection
 * that does not acknowledge in time is dropped. One connection keeps the order by itself, so a session that has no more waits for
 * no acknowledgement. On the event loop only.
 */
final class ResponseFence {

    private static final int PERSISTENT_RESERVE_OUT = 0x5F;
    private static final int SERVICE_ACTION = 0x1F;
    private static final int PREEMPT_AND_ABORT = 0x05;
    /** Response codes of sense data from here on are those of the descriptor format (SPC-5 4.4.1). */
    private static final int DESCRIPTOR_FORMAT = 0x72;

    private final ConnectionGroup group;
    private final Duration patience;
    private final List<Fence> fences = new ArrayList<>();
    /** Responses that wait for a fence, in the order in which they go out. */
    private final Map<Object, Held> held = new LinkedHashMap<>();

    /** @param patience how long an acknowledgement is waited for */
    ResponseFence(ConnectionGroup group, Duration patience) {
        this.group = group;
        this.patience = patience;
    }

    /**
     * The units that a response is about.
     *
     * @param whole whether it is all of them
     * @param lun else the LUN field of the one
     */
    record Scope(boolean whole, long lun) {

        private boolean overlaps(Scope other) {
            return whole || other.whole || LunField.sameUnit(lun, other.lun);
        }
    }

    /**
     * A response that waits.
     *
     * @param fenced whether others wait for it
     * @param before what goes out before it, although it came later
     * @param again asks again
     */
    private record Held(Scope scope, boolean fenced, Collection<?> before, Runnable again) {

        private boolean holdsBack(Object response, Scope other) {
            return fenced && scope.overlaps(other) && !before.contains(response);
        }
    }

    /** As the other one, for the response to a command. */
    boolean holdsBack(Connection carrier, IscsiTask task, Status status, byte[] sense) {
        if (fences.isEmpty() && held.isEmpty() && !group.isMultiple()) {
            return false;
        }
        boolean fenced = isPreemptAndAbort(task.cdb(), status) || tellsOfAbort(sense);
        return holdsBack(task, carrier, new Scope(false, task.lun()), fenced, task::hurry);
    }

    /**
     * Looks whether a response has to wait.
     *
     * @param response what stands for it
     * @param carrier the connection that it goes over
     * @param fenced whether it is not to overtake, or to be overtaken, on another connection
     * @param again run when it need not wait any more, perhaps at once; has to ask here again
     * @return whether nothing is to be done now, because {@code again} has been run or will be
     */
    boolean holdsBack(Object response, Connection carrier, Scope scope, boolean fenced, Runnable again) {
        for (Fence fence : fences) {
            if (fence.response == response) {
                return !fence.sent;
            }
        }
        if (hasToWait(response, scope)) {
            held.put(response, new Held(scope, fenced, List.of(), again));
            return true;
        }
        Held before = held.remove(response);
        if (fenced && carrier.isOpen() && !group.others(carrier).isEmpty()) {
            new Fence(response, carrier, scope, again).raise();
            return true;
        }
        if (before != null && before.fenced) {
            // It is about to be written, and what waits for it comes behind.
            group.eventLoop().execute(this::askAgain);
        }
        return false;
    }

    private boolean hasToWait(Object response, Scope scope) {
        boolean wait = false;
        for (Fence fence : List.copyOf(fences)) {
            if (fence.scope.overlaps(scope)) {
                fence.hurry();
                wait = true;
            }
        }
        for (Map.Entry<Object, Held> other : held.entrySet()) {
            if (other.getKey() == response) {
                break;
            }
            wait |= other.getValue().holdsBack(response, scope);
        }
        return wait;
    }

    /**
     * A fenced response is known, but others go out before it, which it is about. Later ones do not overtake it.
     *
     * @param before those that go out before it
     * @param again run now and then, until it asks to go out itself; has to say this again
     */
    void expect(Object response, Scope scope, Collection<?> before, Runnable again) {
        held.put(response, new Held(scope, true, before, again));
    }

    private void askAgain() {
        List<Held> all = List.copyOf(held.values());
        held.clear();
        all.forEach(next -> next.again.run());
    }

    /** Something has come by a connection, or never will again. */
    void look() {
        if (!fences.isEmpty()) {
            List.copyOf(fences).forEach(Fence::look);
        }
    }

    private static boolean isPreemptAndAbort(byte[] cdb, Status status) {
        return (cdb[0] & 0xFF) == PERSISTENT_RESERVE_OUT
                && (cdb[1] & SERVICE_ACTION) == PREEMPT_AND_ABORT
                && status == Status.GOOD;
    }

    /** Returns whether sense data is the unit attention after many tasks were aborted at once. */
    private static boolean tellsOfAbort(byte[] sense) {
        if (sense.length < 4) {
            return false;
        }
        boolean descriptors = (sense[0] & 0x7F) >= DESCRIPTOR_FORMAT;
        int key = sense[descriptors ? 1 : 2] & 0x0F;
        int code = descriptors ? 2 : 12;
        return key == SenseKey.UNIT_ATTENTION.code()
                && code + 1 < sense.length
                && (is(Sense.BUS_DEVICE_RESET_FUNCTION_OCCURRED, sense, code)
                        || is(Sense.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR, sense, code));
    }

    private static boolean is(Sense which, byte[] sense, int code) {
        return (sense[code] & 0xFF) == which.additionalSenseCode() && (sense[code + 1] & 0xFF) == which.qualifier();
    }

    /** One fenced response: first it waits for others, then others wait for it. */
    private final class Fence {
        private final Object response;
        private final Connection carrier;
        private final Scope scope;
        private final Runnable send;
        /** The numbers that have to be acknowledged. */
        private final Map<Connection, Integer> missing = new LinkedHashMap<>();

        private boolean sent;
        private boolean sending;
        private Future<?> deadline;

        private Fence(Object response, Connection carrier, Scope scope, Runnable send) {
            this.response = response;
            this.carrier = carrier;
            this.scope = scope;
            this.send = send;
        }

        private void raise() {
            fences.add(this);
            waitFor(carrier);
            group.others(carrier).forEach(this::waitFor);
            hurry();
            look();
        }

        private void waitFor(Connection connection) {
            int number = connection.acknowledgement().ofAllWritten();
            if (!connection.acknowledgement().has(number)) {
                missing.put(connection, number);
            }
        }

        /** Asks for what is missing, once; only from then on time runs. */
        private void hurry() {
            if (deadline == null && !missing.isEmpty()) {
                deadline = group.eventLoop().schedule(this::giveUp, patience.toNanos(), TimeUnit.NANOSECONDS);
                List.copyOf(missing.keySet())
                        .forEach(connection -> connection.acknowledgement().ask());
            }
        }

        private void look() {
            if (sending || !fences.contains(this)) {
                return;
            }
            missing.entrySet()
                    .removeIf(entry -> !entry.getKey().isOpen()
                            || entry.getKey().acknowledgement().has(entry.getValue()));
            if (!missing.isEmpty() && carrier.isOpen()) {
                return;
            }
            stopClock();
            if (sent) {
                clear();
            } else {
                sendNow();
            }
        }

        private void stopClock() {
            if (deadline != null) {
                deadline.cancel(false);
                deadline = null;
            }
        }

        private void sendNow() {
            missing.clear();
            sent = true;
            sending = true;
            send.run();
            sending = false;
            if (!group.others(carrier).isEmpty()) {
                waitFor(carrier);
            }
            if (held.values().stream().anyMatch(other -> scope.overlaps(other.scope))) {
                hurry();
            }
            look();
        }

        private void clear() {
            fences.remove(this);
            askAgain();
        }

        private void giveUp() {
            deadline = null;
            for (Connection silent : List.copyOf(missing.keySet())) {
                silent.close(EndReason.ANSWERS_NOT_ACKNOWLEDGED, patience.toSeconds() + " s");
                silent.stopNow();
            }
            look();
        }
    }
}
