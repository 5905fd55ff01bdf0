package io.sluice.scsi.history;

import static org.junit.Assert.assertEquals;

import io.sluice.scsi.history.Checker.Verdict;
import io.sluice.scsi.history.Event.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** Histories of which it is known whether they can be explained. */
public class CheckerTest {

    private final List<Event> events = new ArrayList<>();

    private Event event(Kind kind, long invoked, long responded, int lba, int blocks, int value) {
        Event event = new Event(0, kind, lba, blocks, value);
        event.invoked = invoked;
        event.responded = responded;
        event.outcome = Outcome.DONE;
        events.add(event);
        return event;
    }

    private void read(long invoked, long responded, int lba, int... seen) {
        event(Kind.READ, invoked, responded, lba, seen.length, 0).seen = seen;
    }

    private Event compareAndWrite(long invoked, long responded, int value, int... expected) {
        Event event = event(Kind.COMPARE_AND_WRITE, invoked, responded, 0, expected.length, value);
        event.expected = expected;
        return event;
    }

    private void expect(Verdict verdict) {
        assertEquals(events.toString(), verdict, Checker.check(events));
    }

    @Test
    public void readsBesideAWriteSeeEitherOfBothOnce() {
        event(Kind.WRITE, 1, 10, 0, 1, 7);
        read(2, 3, 0, 0);
        read(4, 5, 0, 7);
        expect(Verdict.EXPLAINED);
        read(6, 7, 0, 0);
        expect(Verdict.INEXPLICABLE);
    }

    @Test
    public void whatWasAnsweredIsThere() {
        event(Kind.WRITE, 1, 2, 0, 1, 7);
        read(3, 4, 0, 0);
        expect(Verdict.INEXPLICABLE);
    }

    @Test
    public void blocksOfAWriteComeOneByOneButThoseOfAnAtomicOneTogether() {
        Event write = event(Kind.WRITE, 1, 10, 0, 2, 7);
        read(2, 3, 0, 0, 7);
        expect(Verdict.EXPLAINED);
        events.remove(write);
        event(Kind.WRITE_ATOMIC, 1, 10, 0, 2, 7);
        expect(Verdict.INEXPLICABLE);
    }

    @Test
    public void aReadThatFitsTooEarlyWaitsForAnAtomicWrite() {
        event(Kind.WRITE, 1, 2, 0, 1, 5);
        Event atomic = compareAndWrite(3, 10, 5, 5, 0);
        assertEquals(2, atomic.blocks);
        read(4, 9, 0, 5, 5);
        expect(Verdict.EXPLAINED);
    }

    @Test
    public void nothingComesBetweenComparingAndWriting() {
        compareAndWrite(1, 10, 7, 0);
        compareAndWrite(2, 9, 8, 0).outcome = Outcome.MISCOMPARED;
        expect(Verdict.EXPLAINED);
        events.get(1).outcome = Outcome.DONE;
        expect(Verdict.INEXPLICABLE);
    }

    @Test
    public void whatWasAbortedMayHaveHappenedButNotLater() {
        Event write = event(Kind.WRITE, 1, 10, 0, 1, 7);
        write.outcome = Outcome.PERHAPS;
        read(11, 12, 0, 0);
        expect(Verdict.EXPLAINED);
        read(13, 14, 0, 7);
        expect(Verdict.INEXPLICABLE);
        events.remove(1);
        expect(Verdict.EXPLAINED);
    }

    @Test
    public void theAnswerToAnAbortCountsNotTheEndOfTheTask() {
        Event write = event(Kind.WRITE, 1, 20, 0, 1, 7);
        write.outcome = Outcome.PERHAPS;
        read(11, 12, 0, 0);
        read(13, 14, 0, 7);
        expect(Verdict.EXPLAINED);
        write.coveredUntil(10);
        expect(Verdict.INEXPLICABLE);
    }

    @Test
    public void anAtomicWriteThatWasAbortedIsWholeOrNotThere() {
        event(Kind.WRITE_ATOMIC, 1, 10, 0, 2, 7).outcome = Outcome.PERHAPS;
        read(11, 12, 0, 7, 0);
        expect(Verdict.INEXPLICABLE);
    }

    @Test
    public void aReadDoesNotEndTheTimeOfWhatMayHaveHappened() {
        event(Kind.WRITE, 1, 5, 0, 1, 7).outcome = Outcome.PERHAPS;
        compareAndWrite(2, 20, 0, 7);
        read(6, 7, 0, 0);
        expect(Verdict.EXPLAINED);
    }

    @Test
    public void aTokenStandsForWhatWasThere() {
        event(Kind.WRITE, 1, 2, 0, 1, 7);
        Event token = event(Kind.POPULATE_TOKEN, 3, 4, 0, 1, 0);
        event(Kind.WRITE, 5, 6, 0, 1, 8);
        event(Kind.WRITE_USING_TOKEN, 7, 8, 1, 1, 0).source = token;
        read(9, 10, 1, 7);
        expect(Verdict.EXPLAINED);
        read(11, 12, 1, 8);
        expect(Verdict.INEXPLICABLE);
    }

    @Test
    public void aCopyReadsBeforeItWrites() {
        event(Kind.WRITE, 1, 2, 0, 1, 7);
        event(Kind.EXTENDED_COPY, 3, 10, 1, 2, 0).from = 0;
        read(11, 12, 1, 7, 0);
        expect(Verdict.EXPLAINED);
        read(13, 14, 1, 7, 7);
        expect(Verdict.INEXPLICABLE);
    }

    @Test
    public void bitsOfAllAreKept() {
        event(Kind.OR_WRITE, 1, 10, 0, 1, 1);
        event(Kind.OR_WRITE, 2, 9, 0, 1, 6);
        read(11, 12, 0, 7);
        expect(Verdict.EXPLAINED);
        read(13, 14, 0, 6);
        expect(Verdict.INEXPLICABLE);
    }

    @Test
    public void aTornBlockIsNeverExplained() {
        event(Kind.WRITE, 1, 10, 0, 1, 7);
        read(2, 9, 0, Event.TORN);
        expect(Verdict.INEXPLICABLE);
    }
}
