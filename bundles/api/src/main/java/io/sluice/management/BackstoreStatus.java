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
 * @param space what it takes where it is kept
 * @param traffic what initiators have done with it
 * @param mappings where it is mapped, as {@code TARGET lun N}
 */
public record BackstoreStatus(
        BackstoreConfig config,
        State state,
        String problem,
        Operations operations,
        Space space,
        Traffic traffic,
        List<String> mappings) {

    /** What initiators can do with a backstore. */
    public enum State {
        /** Everything. */
        ONLINE("online"),
        /** Nothing until its storage is there again; commands wait a while for it. */
        AWAY("away"),
        /** Everything but writes that need more space: where it is kept there is none. */
        FULL("full"),
        /** Everything but changes: its storage owes an answer that is overdue. */
        FENCED("fenced"),
        /** Everything but changes: its storage takes none until it is opened anew. */
        READ_ONLY("read-only"),
        /** Nothing until the operator has done something. */
        FAILED("failed"),
        /** Nothing: another gateway serves it, or none does. */
        STANDBY("standby"),
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

    /**
     * What a backstore takes where it is kept, and what that is, as of a moment ago and as far as the storage knows.
     *
     * @param usedBytes bytes of real space in use by it
     * @param freeBytes bytes that are free there, for it and everybody else
     * @param medium what it is kept on, in a few words; empty if the storage does not say it
     * @param caution what a flush does not promise there, one line; empty where it promises what that of a disk does
     */
    public record Space(OptionalLong usedBytes, OptionalLong freeBytes, String medium, String caution) {

        /** Nothing is known. */
        public static final Space UNKNOWN = new Space(OptionalLong.empty(), OptionalLong.empty());

        /** What is known of it as long as its storage is away, or of storage that does not say what it is. */
        public Space(OptionalLong usedBytes, OptionalLong freeBytes) {
            this(usedBytes, freeBytes, "", "");
        }

        /** Returns the same on a medium. */
        public Space on(String itsMedium, String itsCaution) {
            return new Space(usedBytes, freeBytes, itsMedium, itsCaution);
        }
    }

    /**
     * What initiators have done with a backstore since the gateway serves it.
     *
     * @param reads operations that read
     * @param writes operations that wrote
     * @param readBytes bytes that were read
     * @param writtenBytes bytes that were written
     * @param errors operations of any kind that failed
     */
    public record Traffic(long reads, long writes, long readBytes, long writtenBytes, long errors) {

        /** Nothing has been done. */
        public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0);
    }

    /** Returns whether everything works. */
    public boolean online() {
        return state == State.ONLINE;
    }
}
