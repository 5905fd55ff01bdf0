package io.sluice.scsi;

import java.util.concurrent.CompletionStage;

/**
 * A SCSI target device (SAM-5 4.6): routes tasks to logical units and knows its I_T nexuses. Transports find it by
 * {@link #name}; whoever composes the gateway maps logical units into it at any time.
 *
 * <p>Thread-safe.
 */
public final class ScsiTarget {

    /** @param name iSCSI name */
    public ScsiTarget(String name) {
        throw new UnsupportedOperationException();
    }

    /** Returns the iSCSI name. */
    public String name() {
        throw new UnsupportedOperationException();
    }

    /** Returns whether new nexuses are accepted and the target is to be listed by discovery. */
    public boolean enabled() {
        throw new UnsupportedOperationException();
    }

    /** Accepts or refuses new nexuses; those that exist are not touched. */
    public void setEnabled(boolean enabled) {
        throw new UnsupportedOperationException();
    }

    /**
     * Maps a logical unit; initiators are told that the list of LUNs changed.
     *
     * @param lun 0 to {@link Lun#MAX}
     * @param readOnly whether writes through this mapping are refused
     * @throws IllegalStateException if the LUN is in use
     */
    public void map(int lun, LogicalUnit unit, boolean readOnly) {
        throw new UnsupportedOperationException();
    }

    /**
     * Removes a mapping; initiators are told. Running commands of this target on it end as they would.
     *
     * @return completes when no command that came through the mapping runs any more
     */
    public CompletionStage<Void> unmap(int lun) {
        throw new UnsupportedOperationException();
    }

    /**
     * Begins an I_T nexus. Every logical unit then has a POWER ON OCCURRED unit attention for it. The transport sees to
     * it that the same two ports have one nexus at a time.
     */
    public Nexus open(InitiatorPort initiatorPort, TargetPort targetPort) {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends an I_T nexus (SAM-5 6.3.4): aborts its tasks and forgets its state.
     *
     * @return completes when none of its tasks can change the medium any more
     */
    public CompletionStage<Void> close(Nexus nexus) {
        throw new UnsupportedOperationException();
    }

    /** Takes a command. Returns at once; the task is ended by some thread, perhaps before this method returns. */
    public void execute(Task task) {
        throw new UnsupportedOperationException();
    }

    /**
     * Performs a task management function (SAM-5 7).
     *
     * @param lun LUN field as received; ignored by TARGET_RESET
     * @param task the task that ABORT_TASK names, or null
     * @return completes when no task that the function ended can change the medium any more, on any thread
     */
    public CompletionStage<TaskManagementResponse> manage(
            TaskManagementFunction function, Nexus nexus, long lun, Task task) {
        throw new UnsupportedOperationException();
    }
}
