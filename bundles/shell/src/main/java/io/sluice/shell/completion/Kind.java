package io.sluice.shell.completion;

/** What the value of an argument or an option is, as far as TAB can know it. */
public enum Kind {
    /** A backstore by name. */
    BACKSTORE,
    /** A kind of storage. */
    BACKSTORE_TYPE,
    /** A setting of the kind of storage that the line names: {@code key=value}. */
    SETTING,
    /** A target by its iSCSI name. */
    TARGET,
    /** An access state of a target. */
    ACCESS_STATE,
    /** A LUN of the target that the line names. */
    LUN,
    /** A LUN that the target which the line names does not use. */
    FREE_LUN,
    /** A portal that there is. */
    PORTAL,
    /** An address to listen on. */
    NEW_PORTAL,
    /** A session by its id. */
    SESSION,
    /** A file, or a folder on the way to one. */
    FILE,
    /** A size; any is possible, and a few are proposed. */
    SIZE,
    /** Bytes in a block. */
    BLOCK_SIZE,
    /** A share of a disk; any is possible, and a few are proposed. */
    PERCENT
}
