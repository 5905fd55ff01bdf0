package io.sluice.scsi;

/** Task management functions (SAM-5 7). */
public enum TaskManagementFunction {
    ABORT_TASK,
    ABORT_TASK_SET,
    CLEAR_ACA,
    CLEAR_TASK_SET,
    LOGICAL_UNIT_RESET,
    /** All logical units of the target; the I_T nexuses stay (a target warm reset of RFC 7143 11.5.1). */
    TARGET_RESET
}
