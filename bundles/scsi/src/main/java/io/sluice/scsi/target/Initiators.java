package io.sluice.scsi.target;

import io.sluice.metrics.InitiatorStatistics;
import io.sluice.scsi.internal.unit.InitiatorTraffic;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Counts what each initiator does at a target, over all of its sessions. Where anybody may log in, anybody may do so under any
 * name: beyond so many they are counted together. Thread-safe.
 */
final class Initiators {

    private static final int MOST = 256;

    private final Map<String, InitiatorTraffic> byName = new ConcurrentHashMap<>();
    private final InitiatorTraffic others = new InitiatorTraffic();

    /** Returns where an initiator is counted; one caller at a time. */
    InitiatorTraffic of(String name) {
        InitiatorTraffic known = byName.get(name);
        if (known != null || byName.size() >= MOST) {
            return known != null ? known : others;
        }
        InitiatorTraffic made = new InitiatorTraffic();
        byName.put(name, made);
        return made;
    }

    Stream<InitiatorStatistics> statistics(String target) {
        Stream<InitiatorStatistics> named = byName.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> statistics(entry.getKey(), target, entry.getValue()));
        return others.operations().isEmpty()
                ? named
                : Stream.concat(named, Stream.of(statistics(InitiatorStatistics.OTHER, target, others)));
    }

    private static InitiatorStatistics statistics(String name, String target, InitiatorTraffic traffic) {
        return new InitiatorStatistics(name, target, traffic.operations(), traffic.bytes());
    }
}
