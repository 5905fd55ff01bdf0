package io.sluice.scsi.history;

import io.sluice.scsi.history.Event.Outcome;
import io.sluice.scsi.history.Step.Effect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes commands apart into what happens at one moment. Each block of a command is a moment of its own; only COMPARE AND WRITE
 * (SBC-4 5.2), ORWRITE (5.12) and WRITE ATOMIC (4.29, 5.47) are one moment for every other command. A copy reads all blocks of
 * a range before it writes the first; what a token stands for is what was there when it was made.
 */
final class Steps {

    private final List<Step> steps = new ArrayList<>();
    private final Map<Event, Integer> registersOf = new HashMap<>();
    private int groups;
    private int registers;

    private Steps() {}

    static List<Step> of(List<Event> events) {
        Steps all = new Steps();
        events.stream()
                .sorted((one, other) -> Long.compare(one.invoked, other.invoked))
                .filter(event -> event.outcome != Outcome.NOTHING)
                .forEach(all::add);
        return all.steps;
    }

    private void add(Event event) {
        boolean done = event.outcome == Outcome.DONE;
        switch (event.kind) {
            case READ -> {
                if (done) {
                    each(event, Effect.SEE, event.seen);
                }
            }
            case WRITE, WRITE_FUA, WRITE_SAME, UNMAP -> each(event, Effect.SET, filled(event));
            case COMPARE_AND_WRITE ->
                whole(event, event.outcome == Outcome.MISCOMPARED ? Effect.DIFFER : Effect.SWAP, event.expected);
            case OR_WRITE -> whole(event, Effect.OR, filled(event));
            case WRITE_ATOMIC -> whole(event, Effect.SET, filled(event));
            case POPULATE_TOKEN -> {
                if (done) {
                    take(event, event.lba);
                }
            }
            case WRITE_USING_TOKEN -> put(event, event.source, -1);
            case EXTENDED_COPY -> put(event, event, take(event, event.from));
            default -> throw new AssertionError(event.kind);
        }
    }

    private static int[] filled(Event event) {
        int[] values = new int[event.blocks];
        Arrays.fill(values, event.value);
        return values;
    }

    private void each(Event event, Effect effect, int[] values) {
        int group = groups++;
        for (int i = 0; i < event.blocks; i++) {
            step(event, group, effect, event.lba + i, new int[] {values[i]}, 0, -1, false);
        }
    }

    private void whole(Event event, Effect effect, int[] values) {
        step(event, groups++, effect, event.lba, values, event.value, -1, true);
    }

    private int take(Event event, int from) {
        int group = groups++;
        registersOf.put(event, registers);
        for (int i = 0; i < event.blocks; i++) {
            step(event, group, Effect.TAKE, from + i, new int[1], registers++, -1, false);
        }
        return group;
    }

    private void put(Event event, Event source, int after) {
        int group = groups++;
        int first = registersOf.get(source);
        for (int i = 0; i < event.blocks; i++) {
            step(event, group, Effect.PUT, event.lba + i, new int[1], first + i, after, false);
        }
    }

    private void step(
            Event event, int group, Effect effect, int lba, int[] values, int other, int after, boolean whole) {
        boolean optional = event.outcome == Outcome.PERHAPS;
        steps.add(new Step(group, effect, lba, values, other, after, whole, optional, event.invoked, event.over()));
    }
}
