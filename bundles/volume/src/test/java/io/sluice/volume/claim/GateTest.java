package io.sluice.volume.claim;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;

public class GateTest {

    private final Set<Claim> holders = ConcurrentHashMap.newKeySet();
    private final Gate gate = new Gate(holders::forEach);
    private final List<Claim> granted = new ArrayList<>();

    private Claim claim() {
        Claim claim = new Claim(granted::add);
        holders.add(claim);
        return claim;
    }

    private Claim shared(long from, long to, boolean expected) {
        Claim claim = claim();
        assertEquals(expected, gate.share(claim, from, to));
        return claim;
    }

    private Claim exclusive(long from, long to, boolean expected) {
        Claim claim = claim();
        assertEquals(expected, gate.exclude(claim, from, to));
        return claim;
    }

    @Test
    public void aClaimOverSeveralRangesHoldsBackNobodyBetweenThem() {
        Claim several = claim();
        assertTrue(gate.share(several, new long[] {0, 10, 20, 30}));
        exclusive(10, 20, true);
        Claim first = exclusive(9, 10, false);
        Claim last = exclusive(29, 40, false);
        gate.leave(several);
        assertEquals(List.of(first, last), granted);
    }

    @Test
    public void aWithdrawnClaimIsNotWaitedForByThoseWhoMayShare() {
        shared(0, 10, true);
        Claim waiting = exclusive(0, 10, false);
        Claim behind = shared(0, 10, false);
        assertTrue(gate.withdraw(waiting));
        assertEquals(List.of(behind), granted);
        assertFalse("once", gate.withdraw(waiting));
        shared(0, 10, true);
    }

    @Test
    public void aWithdrawnClaimPassesOnWhatItWaitedFor() {
        Claim first = exclusive(0, 10, true);
        Claim second = exclusive(0, 10, false);
        Claim third = exclusive(0, 10, false);
        Claim fourth = shared(0, 10, false);
        assertTrue(gate.withdraw(second));
        assertTrue(gate.withdraw(third));
        assertEquals(List.of(), granted);
        gate.leave(first);
        assertEquals(List.of(fourth), granted);
    }

    @Test
    public void atHeadWaitsForNobodyAndIsWaitedFor() {
        Claim first = exclusive(0, 1, true);
        Claim head = claim();
        gate.excludeAtHead(head, 0, 1);
        Claim last = shared(0, 1, false);
        gate.leave(first);
        assertEquals(List.of(), granted);
        gate.leave(head);
        assertEquals(List.of(last), granted);
    }

    @Test
    public void theFastPathIsBackWhenNobodyIsExclusive() {
        Claim early = shared(0, 10, true);
        Claim alone = exclusive(5, 15, false);
        gate.leave(early);
        gate.leave(alone);
        assertTrue(gate.isIdle());
        long before = gate.steps();
        Claim late = shared(0, 10, true);
        gate.leave(late);
        assertEquals(before, gate.steps());
    }

    /** What is left in the index when the last exclusive claim goes does not come back with the next one. */
    @Test
    public void aSharedClaimLivesThroughSeveralTimesOfTheIndex() {
        Claim early = shared(0, 10, true);
        Claim elsewhere = exclusive(20, 30, true);
        gate.leave(elsewhere);
        Claim alone = exclusive(0, 10, false);
        gate.leave(early);
        assertEquals(List.of(alone), granted);
        gate.leave(alone);
        assertTrue(gate.isIdle());
    }

    /** What is cut into pieces by claims that come and go is one piece again when they have gone. */
    @Test
    public void aWideClaimDoesNotGrowWithWhatPasses() {
        Claim wide = claim();
        gate.excludeAtHead(wide, 1 << 20, 1 << 21);
        Claim whole = shared(0, 1 << 20, true);
        for (int i = 0; i < 10_000; i++) {
            gate.leave(shared(i * 7, i * 7 + 5, true));
        }
        long before = gate.steps();
        gate.leave(whole);
        assertTrue("steps " + (gate.steps() - before), gate.steps() - before < 10);
        gate.leave(wide);
        assertTrue(gate.isIdle());
    }

    @Test
    public void aGrantCostsTheSameHoweverManyWait() {
        assertEquals(steps(10, 1), steps(10_000, 1), 1);
        assertEquals(steps(10, 4), steps(10_000, 4), 1);
        assertTrue("steps for each: " + steps(10_000, 1), steps(10_000, 1) < 10);
    }

    /** Returns the steps for each claim, from its coming to its leaving, of a queue of ORDERED tasks, say. */
    private static double steps(int waiting, int sharersBetween) {
        Set<Claim> holders = ConcurrentHashMap.newKeySet();
        Gate gate = new Gate(holders::forEach);
        Claim first = new Claim(claim -> {});
        gate.exclude(first, 0, 1);
        AtomicInteger ended = new AtomicInteger();
        for (int i = 0; i < waiting; i++) {
            Claim claim = new Claim(own -> {
                ended.incrementAndGet();
                gate.leave(own);
            });
            holders.add(claim);
            assertFalse(i % sharersBetween == 0 ? gate.exclude(claim, 0, 1) : gate.share(claim, 0, 1));
        }
        gate.leave(first);
        assertEquals(waiting, ended.get());
        assertTrue(gate.isIdle());
        return (double) gate.steps() / waiting;
    }

    /** Each of many held at the head is waited for by each of many behind: that are not many times many. */
    @Test
    public void manyAtTheHeadAndManyBehind() {
        int count = 10_000;
        List<Claim> heads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            heads.add(claim());
            gate.excludeAtHead(heads.get(i), 0, 1);
        }
        for (int i = 0; i < count; i++) {
            shared(0, 1, false);
        }
        exclusive(0, 1, false);
        heads.forEach(gate::leave);
        assertEquals(count, granted.size());
        assertTrue("steps " + gate.steps(), gate.steps() < 20L * count);
    }

    @Test
    public void manyThatEndAtOnceTakeNoStack() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        Thread small = new Thread(
                null,
                () -> {
                    Claim first = exclusive(0, 1, true);
                    for (int i = 0; i < 100_000; i++) {
                        Claim claim = new Claim(own -> {
                            gate.leave(own);
                            ended.incrementAndGet();
                        });
                        gate.exclude(claim, 0, 1);
                    }
                    gate.leave(first);
                },
                "small stack",
                256 << 10);
        small.start();
        small.join();
        assertEquals(100_000, ended.get());
    }

    @Test
    public void aClaimantThatFailsHoldsNobodyUp() {
        Claim first = exclusive(0, 1, true);
        Claim bad = new Claim(own -> {
            gate.leave(own);
            throw new StackOverflowError("on purpose");
        });
        gate.exclude(bad, 0, 1);
        Claim last = exclusive(0, 1, false);
        gate.leave(first);
        assertEquals(List.of(last), granted);
    }
}
