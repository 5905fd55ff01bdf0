package io.sluice.scsi.internal.task;

/** The transport has no memory to spare for a command, which ends with BUSY status (SAM-5 5.3.1) and may be sent again. */
final class NoMemoryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoMemoryException() {
        super("no memory for the work of a command", null, false, false);
    }
}
