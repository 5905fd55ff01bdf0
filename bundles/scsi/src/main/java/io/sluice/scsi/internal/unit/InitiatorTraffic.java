package io.sluice.scsi.internal.unit;

import io.sluice.metrics.CommandKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** What an initiator has done at a target, in all of its sessions. Thread-safe. */
public final class InitiatorTraffic {

    private static final CommandKind[] KINDS = CommandKind.values();

    private final LongAdder[] operations = adders();
    private final LongAdder[] bytes = adders();

    private static LongAdder[] adders() {
        return Stream.generate(LongAdder::new).limit(KINDS.length).toArray(LongAdder[]::new);
    }

    void answered(CommandKind kind, long movedBytes) {
        operations[kind.ordinal()].increment();
        if (movedBytes > 0) {
            bytes[kind.ordinal()].add(movedBytes);
        }
    }

    /** Returns the commands of each kind that there was any of. */
    public Map<CommandKind, Long> operations() {
        return counts(operations);
    }

    /** Returns the bytes of each kind that moved any. */
    public Map<CommandKind, Long> bytes() {
        return counts(bytes);
    }

    private static Map<CommandKind, Long> counts(LongAdder[] adders) {
        Map<CommandKind, Long> result = new EnumMap<>(CommandKind.class);
        for (CommandKind kind : KINDS) {
            long sum = adders[kind.ordinal()].sum();
            if (sum > 0) {
                result.put(kind, sum);
            }
        }
        return result;
    }
}
