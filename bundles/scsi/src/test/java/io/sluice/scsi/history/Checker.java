package io.sluice.scsi.history;

import io.sluice.scsi.history.Step.Effect;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks for an order of the steps of a history that explains what its clients saw: the search of Wing and Gong, which goes to
 * no configuration twice.
 */
final class Checker {

    enum Verdict {
        EXPLAINED,
        INEXPLICABLE,
        /** There are too many orders. */
        UNDECIDED
    }

    private static final int MOST_CONFIGURATIONS = 300_000;
    private static final int MOST_BLOCKS = 8;

    /** In the order in which they may happen at the earliest. */
    private final List<Step> steps;

    private final BitSet optional = new BitSet();
    private final int registers;
    private final Deque<Configuration> open = new ArrayDeque<>();
    private final Set<ByteBuffer> known = new HashSet<>();

    private Checker(List<Step> steps) {
        this.steps = steps;
        int most = 0;
        for (int i = 0; i < steps.size(); i++) {
            optional.set(i, steps.get(i).optional());
            most = Math.max(most, steps.get(i).other() + 1);
        }
        registers = most;
    }

    static Verdict check(List<Event> events) {
        return new Checker(Steps.of(events)).search();
    }

    private Verdict search() {
        add(new Configuration(steps, MOST_BLOCKS, registers));
        while (!open.isEmpty()) {
            Configuration next = open.pop();
            if (next.missing(optional) < 0) {
                return Verdict.EXPLAINED;
            }
            if (known.size() > MOST_CONFIGURATIONS) {
                return Verdict.UNDECIDED;
            }
            expand(next);
        }
        return Verdict.INEXPLICABLE;
    }

    private void add(Configuration configuration) {
        if (known.add(configuration.key())) {
            open.push(configuration);
        }
    }

    private void expand(Configuration from) {
        long latest = from.latest();
        // A read that fits as a whole can be put here: it changes nothing, and holds nothing back any more.
        for (int i = 0; i < steps.size() && steps.get(i).earliest() < latest; i++) {
            if (steps.get(i).effect() == Effect.SEE && from.isOpen(i, latest)) {
                Configuration seen = from.withRead(steps.get(i).group());
                if (seen != null) {
                    add(seen);
                    return;
                }
            }
        }
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (from.isOpen(i, latest)) {
                Configuration after = from.with(i);
                if (after != null) {
                    add(after);
                }
            }
        }
    }
}
