package io.sluice.metrics;

import java.util.Locale;

/** What a SCSI command is counted as. */
public enum CommandKind {
    /** READ: blocks go to the initiator. */
    READ,
    /** WRITE and what else takes blocks from the initiator, such as COMPARE AND WRITE. */
    WRITE,
    /** SYNCHRONIZE CACHE. */
    FLUSH,
    /** Everything else. */
    OTHER;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Returns the name for users and documents. */
    public String label() {
        return label;
    }

    /** Returns whether bytes are counted too. */
    public boolean movesBlocks() {
        return this == READ || this == WRITE;
    }
}
