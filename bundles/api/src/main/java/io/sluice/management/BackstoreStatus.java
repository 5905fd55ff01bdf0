package io.sluice.management;

import io.sluice.config.BackstoreConfig;
import java.util.List;
import java.util.OptionalLong;

/**
 * A backstore as it is now.
 *
 * @param config its configuration
 * @param state what initiators can do with it
 * @param problem what is wrong and what to do, one line; empty when all is well
 * @param operations what is under way
 * @param allocatedBytes bytes of real space in use as of a moment ago, where the storage knows
 * @param mappings where it is mapped, as {@code TARGET lun N}
 */
public record BackstoreStatus(
        BackstoreConfig config,
        State state,
        String problem,
        Operations operations,
        OptionalLong allocatedBytes,
        List<String> mappings) {

    /** What initiators can do with a backstore. */
    public enum State {
        /** Everything. */
        ONLINE("online"),
        /** Nothing until its storage is there again; commands wait a while for it. */
        AWAY("away"),
        /** Everything but changes: its storage owes an answer that is overdue. */
        FENCED("fenced"),
        /** Everything but changes: its storage takes none until it is opened anew. */
        READ_ONLY("read-only"),
        /** Nothing until the operator has done something. */
        FAILED("failed"),
        /** Nothing yet: its storage is being opened. */
        OPENING("opening");

        private final String label;

        State(String label) {
            this.label = label;
        }

        /** Returns the name for users. */
        public String label() {
            return label;
        }
    }

    /**
     * Operations of a backstore.
     *
     * @param running those that its storage works on
     * @param held those that wait for its storage to be there
     * @param overdue those that were given up and that its storage has still not answered
     */
    public record Operations(int running, int held, int overdue) {}

    /** Returns whether everything works. */
    public boolean online() {
        return state == State.ONLINE;
    }
}
