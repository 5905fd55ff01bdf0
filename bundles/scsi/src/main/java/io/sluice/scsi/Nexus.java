package io.sluice.scsi;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An I_T nexus: an initiator port that is logged in to a target port (SAM-5 4.5). Made by {@link io.sluice.scsi.target.ScsiTarget#open}.
 *
 * <p>It is open, then closing, then closed. From the moment it is closing, no task of it enters any task set, and those that
 * are in one are aborted: a task looks again after it has entered, so either it sees the end or the end sees it.
 */
public abstract class Nexus {

    private enum State {
        OPEN,
        CLOSING,
        CLOSED
    }

    private final InitiatorPort initiatorPort;
    private final TargetPort targetPort;
    private final Set<Keeper> keepers = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile State state = State.OPEN;
    private volatile Listener listener;

    /** Who keeps something for a nexus, such as a reservation: is told of its end whether it is still mapped or not. */
    @FunctionalInterface
    public interface Keeper {

        /**
         * Aborts the tasks of a nexus and forgets it; perhaps more than once.
         *
         * @return completes when none of its tasks can change the medium any more, or what is left was given up
         */
        CompletionStage<?> forget(Nexus nexus);
    }

    /** Is told of what the initiator may want to know at once, and not with its next command. */
    @FunctionalInterface
    public interface Listener {

        /**
         * A unit attention has been established for the nexus that says: other LUNs, another capacity, another access state, or
         * little space left. The unit attention stays as it is. Called on any thread, with no lock held; must not block.
         *
         * @param lun LUN field of the unit, big-endian; of one unit if several say the same of the target
         * @param sense what was established
         */
        void attention(long lun, SenseData sense);
    }

    /** Begins open; for targets alone. */
    protected Nexus(InitiatorPort initiatorPort, TargetPort targetPort) {
        this.initiatorPort = Objects.requireNonNull(initiatorPort);
        this.targetPort = Objects.requireNonNull(targetPort);
    }

    /** Returns the initiator's side. */
    public InitiatorPort initiatorPort() {
        return initiatorPort;
    }

    /** Returns the target's side. */
    public TargetPort targetPort() {
        return targetPort;
    }

    /** Returns what it may do now. */
    public abstract NexusRights rights();

    /** Sets who is told of events, for the transport; null for nobody. */
    public void listener(Listener told) {
        listener = told;
    }

    /** Returns who is told of events, or null. */
    protected Listener listener() {
        return listener;
    }

    /** Returns whether tasks may begin. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** States who keeps something for this nexus; told at once if the nexus has ended meanwhile. */
    public void keptBy(Keeper keeper) {
        keepers.add(keeper);
        if (!isOpen()) {
            keeper.forget(this);
        }
    }

    /** Ends it; for its target alone, which forgets it too. Completes when it is closed. */
    public CompletionStage<Void> close() {
        synchronized (this) {
            if (state != State.OPEN) {
                return closed.minimalCompletionStage();
            }
            state = State.CLOSING;
        }
        CompletableFuture.allOf(keepers.stream()
                        .map(keeper -> keeper.forget(this).toCompletableFuture())
                        .toArray(CompletableFuture[]::new))
                .whenComplete((forgotten, failure) -> {
                    state = State.CLOSED;
                    closed.complete(null);
                });
        return closed.minimalCompletionStage();
    }

    @Override
    public String toString() {
        return initiatorPort + " → " + targetPort;
    }
}
