package io.sluice.backstore;

import java.util.Objects;

/**
 * A setting that a kind of backstore or layer understands: shown by {@code backstore:types}, completed by TAB and checked.
 *
 * @param name the key in {@code BackstoreConfig.options()}, such as {@code path}
 * @param type what its value is
 * @param required whether a configuration without it is refused
 * @param description one line for the user
 */
public record BackstoreOption(String name, Type type, boolean required, String description) {

    /**
     * An option of a kind that does not keep its data: with the value {@code empty} its backstore begins empty by itself when
     * the data is gone; without it, the backstore stays offline until the operator says so.
     */
    public static final BackstoreOption RESTART = new BackstoreOption(
            "restart",
            false,
            "'empty' to begin empty after a restart; without it, backstore:reopen --empty is waited for");

    /**
     * An option of a layer that changes the blocks. It is given when the layer is added, and not kept: {@code empty} if it is to
     * be refused on a store that has data, {@code discard} if that data is to be given up.
     */
    public static final BackstoreOption FORMAT =
            new BackstoreOption("format", false, "given by the gateway alone when the layer is added");

    /**
     * An option of a kind of storage that several gateways can have open: with the value {@code yes} its backstore is served by one
     * of them at a time, and its stores have the abilities {@code SharedRecords} and {@code Takeover}.
     */
    public static final BackstoreOption SHARED = new BackstoreOption(
            "shared", false, "'yes' if another gateway has it too: one of them serves it, the other stands by");

    /** What the value of an option is. */
    public enum Type {
        /** Text that anybody may see who sees the configuration. */
        TEXT,
        /** {@code true} or {@code false}. */
        FLAG,
        /**
         * The path of a file that holds a secret and that only its owner can read. The configuration has the path; what is in
         * the file is read by {@link BackstoreContext#secret} and shown to nobody.
         */
        SECRET
    }

    public BackstoreOption {
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
        Objects.requireNonNull(description);
    }

    /** An option whose value is text. */
    public BackstoreOption(String name, boolean required, String description) {
        this(name, Type.TEXT, required, description);
    }
}
