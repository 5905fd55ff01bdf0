package io.sluice.testkit.durability;

import java.util.ArrayList;
import java.util.List;

/** What was sent for one block. Two values of which neither had ended before the other began may have landed in any order. */
final class BlockHistory {

    /** What every block holds before anything is written. */
    static final Write ORIGINAL = Write.settled(true, 0);

    private final List<Write> values = new ArrayList<>(2);

    /** What was dropped last: to tell a block that lost something from one that holds what was gone long ago. */
    private List<Write> dropped = List.of();

    BlockHistory() {
        values.add(ORIGINAL);
    }

    void add(Write write) {
        values.add(write);
    }

    /** Forgets what can be there no more, now that something newer is fenced. */
    void drop() {
        Write newest = newestThatHolds(Rule.FENCED, Long.MAX_VALUE);
        List<Write> gone =
                values.stream().filter(value -> value.isBefore(newest)).toList();
        if (!gone.isEmpty()) {
            dropped = gone.stream().filter(value -> !isOvertaken(value, newest)).toList();
            values.removeAll(gone);
        }
    }

    /** Begins anew with what was found, which is known to be stable. */
    void settle(Stamp found) {
        values.clear();
        values.add(Write.settled(found.equals(Stamp.ZERO), found.sequence()));
        dropped = List.of();
    }

    /** Returns the youngest of those that had to be there by then. */
    private Write newestThatHolds(Rule rule, long time) {
        Write newest = null;
        for (Write value : values) {
            if (value.holds(rule, time) && (newest == null || value.sequence() > newest.sequence())) {
                newest = value;
            }
        }
        return newest == null ? ORIGINAL : newest;
    }

    /** Returns whether a third one lies between the two. */
    private boolean isOvertaken(Write older, Write newer) {
        return values.stream()
                .anyMatch(between -> between.isAcknowledged() && older.isBefore(between) && between.isBefore(newer));
    }

    Verdict judge(Stamp content, Rule rule, long time) {
        Write newest = newestThatHolds(rule, time);
        Verdict best = null;
        for (Write value : values) {
            if (carries(value, content)) {
                best = better(best, judge(value, newest));
            }
        }
        for (Write value : dropped) {
            if (carries(value, content)) {
                best = better(best, value.isRefused() ? Verdict.NEVER_WRITTEN : Verdict.LOST);
            }
        }
        return best == null ? Verdict.RESURRECTED : best;
    }

    private Verdict judge(Write value, Write newest) {
        if (value.isRefused()) {
            return Verdict.NEVER_WRITTEN;
        }
        if (!value.isBefore(newest)) {
            return Verdict.INTACT;
        }
        return isOvertaken(value, newest) ? Verdict.RESURRECTED : Verdict.LOST;
    }

    /** Zeros carry no sequence, so they may come from any of several commands. */
    private static Verdict better(Verdict one, Verdict other) {
        return one == null || other.ordinal() < one.ordinal() ? other : one;
    }

    private static boolean carries(Write value, Stamp content) {
        return value.kind().zero() ? content.equals(Stamp.ZERO) : content.sequence() == value.sequence();
    }

    /** Returns whether this can only have been there before that write began. */
    boolean isOlder(Stamp content, Write write) {
        List<Write> sources =
                values.stream().filter(value -> carries(value, content)).toList();
        return !sources.isEmpty() && sources.stream().allMatch(value -> value.isBefore(write));
    }
}
