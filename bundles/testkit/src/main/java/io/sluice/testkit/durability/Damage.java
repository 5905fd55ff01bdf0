package io.sluice.testkit.durability;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How many blocks of a disk are damaged, and which are the first ones. */
public final class Damage {

    private static final int NAMED = 8;

    private final Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
    private final List<String> first = new ArrayList<>();

    /** Counts a block. */
    public void add(long lba, Verdict verdict) {
        counts.merge(verdict, 1L, Long::sum);
        if (verdict != Verdict.INTACT && first.size() < NAMED) {
            first.add("block " + lba + " " + verdict.words());
        }
    }

    /** Returns how many blocks there are of which that is to be said. */
    public long count(Verdict verdict) {
        return counts.getOrDefault(verdict, 0L);
    }

    /** Returns whether no block is damaged. */
    public boolean none() {
        return counts.keySet().stream().allMatch(verdict -> verdict == Verdict.INTACT);
    }

    /** Returns one line: the figures, and the first damaged blocks. */
    @Override
    public String toString() {
        String figures = counts.entrySet().stream()
                .map(entry -> entry.getValue() + " "
                        + entry.getKey().name().toLowerCase().replace('_', ' '))
                .collect(Collectors.joining(", "));
        return first.isEmpty() ? figures : figures + ": " + String.join("; ", first);
    }
}
