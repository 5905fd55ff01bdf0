package io.sluice.scsi;

/** How a task may be ordered against others of its task set (SAM-5 8.6). */
public enum TaskAttribute {
    SIMPLE,
    ORDERED,
    HEAD_OF_QUEUE,
    ACA
}
