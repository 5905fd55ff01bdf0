package io.sluice.scsi.internal.unit;

import io.sluice.metrics.CommandKind;
import io.sluice.metrics.CommandStatistics;
import io.sluice.scsi.SenseKey;
import io.sluice.scsi.Status;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** What has come through a LUN of a target, whoever it came from. What nobody asked for takes no memory. Thread-safe. */
public final class LunTraffic {

    private static final CommandKind[] KINDS = CommandKind.values();
    private static final Status[] STATUSES = Status.values();
    private static final int SENSE_KEYS = 16;
    private static final int DESCRIPTOR_FORMAT = 0x72;
    private static final String ABORTED = "aborted";

    private final AtomicReferenceArray<CommandCounter> commands = new AtomicReferenceArray<>(KINDS.length);
    private final AtomicReferenceArray<LongAdder> senseKeys = new AtomicReferenceArray<>(SENSE_KEYS);

    /** By ordinal; the one behind them is for those that had no status. */
    private final AtomicReferenceArray<LongAdder> statuses = new AtomicReferenceArray<>(STATUSES.length + 1);

    void answered(CommandKind kind, long nanos, long bytes, Status status, byte[] sense) {
        present(commands, kind.ordinal(), CommandCounter::new).add(nanos, bytes);
        if (status == Status.CHECK_CONDITION) {
            present(senseKeys, senseKey(sense), LongAdder::new).increment();
        } else if (status != Status.GOOD) {
            present(statuses, status.ordinal(), LongAdder::new).increment();
        }
    }

    void aborted() {
        present(statuses, STATUSES.length, LongAdder::new).increment();
    }

    private static <T> T present(AtomicReferenceArray<T> all, int index, Supplier<T> maker) {
        T found = all.get(index);
        if (found == null) {
            all.compareAndSet(index, null, maker.get());
            found = all.get(index);
        }
        return found;
    }

    /** Sense data has its key at another place in each of its formats (SPC-5 4.4.2, 4.4.3). */
    private static int senseKey(byte[] sense) {
        return sense[(sense[0] & 0x7E) == DESCRIPTOR_FORMAT ? 1 : 2] & 0x0F;
    }

    /** Returns the commands of each kind that there was any of. */
    public Map<CommandKind, CommandStatistics> commands() {
        Map<CommandKind, CommandStatistics> result = new EnumMap<>(CommandKind.class);
        for (CommandKind kind : KINDS) {
            CommandCounter counter = commands.get(kind.ordinal());
            if (counter != null) {
                result.put(kind, counter.statistics());
            }
        }
        return result;
    }

    /** Returns how many ended with each sense key. */
    public Map<String, Long> senseKeys() {
        Map<String, Long> result = new HashMap<>();
        for (SenseKey key : SenseKey.values()) {
            put(result, senseKeys.get(key.code()), label(key));
        }
        return result;
    }

    /** Returns how many ended with each status that tells no sense key, and how many without one. */
    public Map<String, Long> statuses() {
        Map<String, Long> result = new HashMap<>();
        Arrays.stream(STATUSES).forEach(status -> put(result, statuses.get(status.ordinal()), label(status)));
        put(result, statuses.get(STATUSES.length), ABORTED);
        return result;
    }

    private static void put(Map<String, Long> result, LongAdder count, String label) {
        if (count != null) {
            result.put(label, count.sum());
        }
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
