package io.sluice.scsi.internal.mode;

/** What a CHECK CONDITION does to other tasks: QERR of the Control mode page (SPC-5 7.5.13). */
public enum QueueErrorManagement {
    /** They go on. */
    NONE,
    /** All of them are aborted. */
    ALL,
    /** Those of the same nexus are aborted. */
    SAME_NEXUS
}
