package io.sluice.scsi;

/** Service responses to a task management function (SAM-5 7.1). */
public enum TaskManagementResponse {
    FUNCTION_COMPLETE,
    /** ABORT TASK named a task that is not in the task set. */
    TASK_DOES_NOT_EXIST,
    INCORRECT_LUN,
    FUNCTION_NOT_SUPPORTED,
    /** It would hit others, and the nexus has no right to that. */
    AUTHORIZATION_FAILED,
    FUNCTION_REJECTED
}
