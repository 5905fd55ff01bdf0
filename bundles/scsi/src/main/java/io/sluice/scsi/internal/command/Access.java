package io.sluice.scsi.internal.command;

/** What a command needs of the medium; checked before its handler is called. */
public enum Access {
    /** Works without a medium. */
    NONE,
    /** Needs a medium that is there and ready. */
    MEDIUM,
    /** Needs a medium that is there, ready and not write-protected. */
    WRITE
}
