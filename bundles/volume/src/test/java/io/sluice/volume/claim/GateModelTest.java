package io.sluice.volume.claim;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.Test;

/** Claims of all kinds come and go at random, and the gate does what a list of them would. */
public class GateModelTest {

    private static final int RUNS = 400;
    private static final int STEPS = 300;
    private static final int BLOCKS = 24;

    private final Set<Claim> holders = ConcurrentHashMap.newKeySet();
    private final Gate gate = new Gate(holders::forEach);
    private final ModelGate model = new ModelGate();
    private final List<Pair> pairs = new ArrayList<>();
    private final Set<Claim> granted = new HashSet<>();
    private Random random;
    private int next;

    private record Pair(Claim claim, ModelGate.Entry entry) {}

    @Test
    public void withoutWithdrawalsTheGateIsTheModel() {
        for (int seed = 0; seed < RUNS; seed++) {
            run(seed, false);
        }
    }

    /** A withdrawn claim may be waited for a little longer than need be, but never is order broken or somebody forgotten. */
    @Test
    public void withWithdrawalsOrderIsKept() {
        for (int seed = 0; seed < RUNS; seed++) {
            run(seed, true);
        }
    }

    private void run(int seed, boolean withdrawals) {
        random = new Random(seed);
        int crowd = 2 + random.nextInt(20);
        for (int step = 0; step < STEPS; step++) {
            String at = "seed " + seed + " step " + step;
            if (pairs.size() < crowd && random.nextInt(5) < 3) {
                arrive();
            } else if (!pairs.isEmpty()) {
                depart(pairs.get(random.nextInt(pairs.size())), withdrawals);
            }
            check(at, !withdrawals);
        }
        while (!pairs.isEmpty()) {
            Pair held = pairs.stream()
                    .filter(pair -> granted.contains(pair.claim()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("seed " + seed + ": nobody goes on"));
            depart(held, false);
            check("seed " + seed + " at its end", !withdrawals);
        }
        assertTrue("seed " + seed, gate.isIdle());
    }

    private void arrive() {
        boolean exclusive = random.nextInt(3) == 0;
        boolean atHead = exclusive && random.nextInt(4) == 0;
        long[] ranges = ranges(exclusive ? 1 : 1 + random.nextInt(3));
        Claim claim = new Claim(granted::add);
        holders.add(claim);
        ModelGate.Entry entry = model.add(next++, exclusive, atHead, ranges);
        boolean now;
        if (atHead) {
            gate.excludeAtHead(claim, ranges[0], ranges[1]);
            now = true;
        } else if (exclusive) {
            now = gate.exclude(claim, ranges[0], ranges[1]);
        } else {
            now = ranges.length == 2 ? gate.share(claim, ranges[0], ranges[1]) : gate.share(claim, ranges);
        }
        if (now) {
            granted.add(claim);
        }
        pairs.add(new Pair(claim, entry));
    }

    private long[] ranges(int count) {
        long[] all = new long[2 * count];
        long width = BLOCKS / count;
        for (int i = 0; i < count; i++) {
            long from = i * width + random.nextInt((int) width);
            long most = (i + 1) * width - from;
            all[2 * i] = from;
            all[2 * i + 1] = from + 1 + random.nextInt((int) (random.nextBoolean() ? Math.min(2, most) : most));
        }
        return all;
    }

    private void depart(Pair pair, boolean withdrawals) {
        if (granted.contains(pair.claim())) {
            holders.remove(pair.claim());
            pairs.remove(pair);
            granted.remove(pair.claim());
            model.remove(pair.entry());
            gate.leave(pair.claim());
        } else if (withdrawals) {
            holders.remove(pair.claim());
            pairs.remove(pair);
            model.remove(pair.entry());
            assertTrue(gate.withdraw(pair.claim()));
        }
    }

    private void check(String at, boolean exactly) {
        for (Pair pair : pairs) {
            boolean held = granted.contains(pair.claim());
            if (exactly) {
                assertEquals(at + " claim " + pair.entry().id, pair.entry().held, held);
            } else {
                assertTrue(at + " claim " + pair.entry().id + " too early", !held || pair.entry().held);
            }
            assertEquals(at, held, pair.claim().held);
        }
    }
}
