package io.sluice.shell.completion;

/** What the value of an argument or an option is, as far as TAB can know it. */
public enum Kind {
    /** A backstore by name. */
    BACKSTORE,
    /** A kind of storage. */
    BACKSTORE_TYPE,
    /** A setting of the kind of storage that the line names: {@code key=value}. */
    SETTING,
    /** What is done with a layer. */
    LAYER_ACTION,
    /** A kind of layer. */
    LAYER_TYPE,
    /** A setting of the kind of layer that the line names: {@code key=value}. */
    LAYER_SETTING,
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
    /** The tag of a group of portals. */
    PORTAL_GROUP,
    /** An initiator of the configuration. */
    INITIATOR,
    /** A group of initiators. */
    GROUP,
    /** An initiator or a group. */
    GRANTEE,
    /** An initiator or a group that may use the target which the line names. */
    ALLOWED,
    /** The iSCSI name of a host. */
    HOST_NAME,
    /** The address of a host. */
    HOST_ADDRESS,
    /** A LUN of the target that the line names, as somebody may see it. */
    LUN_VIEW,
    /** A file with a secret. */
    SECRET_FILE,
    /** Algorithms with commas between. */
    ALGORITHMS,
    /** {@code on} or {@code off}. */
    SWITCH,
    /** A session by its id. */
    SESSION,
    /** A file, or a folder on the way to one. */
    FILE,
    /** A file with a configuration. */
    DOCUMENT_FILE,
    /** Whose configuration a file has. */
    DOCUMENT_FORMAT,
    /** What goes on for longer, by its id. */
    JOB,
    /** A revision of the configuration by its number. */
    REVISION,
    /** A size; any is possible, and a few are proposed. */
    SIZE,
    /** Bytes in a block. */
    BLOCK_SIZE,
    /** A share of a disk; any is possible, and a few are proposed. */
    PERCENT,
    /** Commands a second; any number is possible, and a few are proposed. */
    IOPS,
    /** Bytes a second; any number is possible, and a few are proposed. */
    BANDWIDTH,
    /** How long a limit is saved up; any time is possible, and a few are proposed. */
    BURST,
    /** A time; any is possible, and a few are proposed. */
    TIME,
    /** A token of the REST interface by name. */
    TOKEN,
    /** What the bearer of a token may do. */
    ROLE
}
