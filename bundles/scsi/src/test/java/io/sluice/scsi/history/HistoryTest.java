package io.sluice.scsi.history;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.scsi.history.Checker.Verdict;
import io.sluice.scsi.history.Event.Outcome;
import io.sluice.scsi.history.Plan.Sabotage;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.Test;

/**
 * Several initiators at the same few blocks: what they see can be explained by one order of what they did. Each run has seeds
 * of its own; {@code -Dhistories=100000} and {@code -Dhistory.seed=N} ask for more, and for the same. A few histories have too
 * many orders to say: they prove nothing, so they are counted, and have to stay few.
 */
public class HistoryTest {

    private static final int HISTORIES = Integer.getInteger("histories", 1000);
    private static final long SEED = Long.getLong("history.seed", System.nanoTime());

    /** Each sabotage is found much sooner. */
    private static final int MOST_TO_FIND = 500;

    /** One of so many histories may have more orders than can be looked through. */
    private static final int ONE_UNDECIDED_OF = 100;

    private static String text(long seed, List<Event> events) {
        return events.stream()
                .sorted(Comparator.comparingLong(event -> event.invoked))
                .map(Event::toString)
                .collect(Collectors.joining("\n", "history.seed=" + seed + "\n", ""));
    }

    @Test
    public void everyHistoryCanBeExplained() {
        long recording = 0;
        long checking = 0;
        int undecided = 0;
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        Map<Kind, Integer> done = new EnumMap<>(Kind.class);
        for (int i = 0; i < HISTORIES; i++) {
            long begun = System.nanoTime();
            List<Event> events = History.record(Plan.of(SEED + i, Sabotage.NONE));
            long recorded = System.nanoTime();
            Verdict verdict = Checker.check(events);
            recording += recorded - begun;
            checking += System.nanoTime() - recorded;
            assertNotEquals(text(SEED + i, events), Verdict.INEXPLICABLE, verdict);
            if (verdict == Verdict.UNDECIDED) {
                undecided++;
            }
            for (Event event : events) {
                outcomes.merge(event.outcome, 1, Integer::sum);
                if (event.outcome == Outcome.DONE) {
                    done.merge(event.kind, 1, Integer::sum);
                }
            }
        }
        System.out.printf(
                "%d histories from seed %d recorded in %d ms, explained in %d ms but for %d with too many orders; %s; good: %s%n",
                HISTORIES, SEED, recording / 1_000_000, checking / 1_000_000, undecided, outcomes, done);
        assertTrue(undecided + " of " + HISTORIES + " are undecided", undecided <= HISTORIES / ONE_UNDECIDED_OF);
        assertEquals("every command has had its turn", Kind.values().length, done.size());
        assertEquals("every end has come", Outcome.values().length, outcomes.size());
    }

    /** Returns how many histories it takes until one cannot be explained. */
    private static int findsAfter(Sabotage sabotage) {
        for (int i = 0; i < MOST_TO_FIND; i++) {
            List<Event> events = History.record(Plan.of(SEED + i, sabotage));
            if (Checker.check(events) == Verdict.INEXPLICABLE) {
                System.out.printf("%s is found in history %d from seed %d%n", sabotage, i + 1, SEED);
                return i + 1;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Test
    public void aStoreThatTearsIsFound() {
        assertTrue(findsAfter(Sabotage.STORE_TEARS) <= MOST_TO_FIND);
    }

    @Test
    public void anAnswerBeforeTheWriteIsFound() {
        assertTrue(findsAfter(Sabotage.STORE_ANSWERS_EARLY) <= MOST_TO_FIND);
    }

    @Test
    public void commandsThatDoNotMeetAtOneGateAreFound() {
        assertTrue(findsAfter(Sabotage.NO_GATE) <= MOST_TO_FIND);
    }

    @Test
    public void aCompareAndWriteInTwoPartsIsFound() {
        assertTrue(findsAfter(Sabotage.COMPARE_AND_WRITE_IN_TWO) <= MOST_TO_FIND);
    }
}
