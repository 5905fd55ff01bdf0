package io.sluice.management;

import java.util.List;
import java.util.Locale;

/**
 * Something that one configuration has and another has not, or has otherwise.
 *
 * @param change what is done to it
 * @param kind what it is: {@code portal}, {@code backstore}, {@code target}, {@code lun}, {@code grant}, {@code initiator},
 *     {@code group} or {@code security}
 * @param name its name; that of a LUN or a grant begins with the name of the target; empty for the security
 * @param fields what is otherwise, or new; not everything of what is added, and nothing of what is removed
 * @param sessions ids of sessions that end by it
 * @param line all of it in one line for people, but for the sessions
 */
public record Difference(
        Change change, String kind, String name, List<Field> fields, List<Integer> sessions, String line) {

    public Difference {
        fields = List.copyOf(fields);
        sessions = List.copyOf(sessions);
    }

    /** What is done. */
    public enum Change {
        ADD,
        CHANGE,
        REMOVE;

        /** Returns the word for programs. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A field of it.
     *
     * @param name its name, as in a document
     * @param before its value as text; empty if there was none
     * @param after its value as text; empty if there is none any more
     */
    public record Field(String name, String before, String after) {}

    /** Returns the same, by which sessions end. */
    public Difference withSessions(List<Integer> ids) {
        return new Difference(change, kind, name, fields, ids, line);
    }
}
