package io.sluice.scsi.target;

import io.sluice.metrics.InitiatorStatistics;
import io.sluice.scsi.internal.unit.InitiatorTraffic;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * Counts what each initiator does at a target, over all of its sessions. Where anybody may log in, anybody may do so under any
 * name: beyond so many, here and at all targets, they are counted together. Thread-safe.
 */
final class Initiators {

    private static final int MOST = 256;

    private final Semaphore named;
    private final Map<String, InitiatorTraffic> byName = new ConcurrentHashMap<>();
    private final InitiatorTraffic others = new InitiatorTraffic();

    /** @param named how many may have a name, here and at the targets that share it */
    Initiators(Semaphore named) {
        this.named = named;
    }

    /** Returns where an initiator is counted; one caller at a time. */
    InitiatorTraffic of(String name) {
        InitiatorTraffic known = byName.get(name);
        if (known != null) {
            return known;
        }
        if (byName.size() >= MOST || !named.tryAcquire()) {
            return others;
        }
        InitiatorTraffic made = new InitiatorTraffic();
        byName.put(name, made);
        return made;
    }

    /** Lets others have its names: the target goes, and nobody is counted any more. One caller at a time. */
    void end() {
        named.release(byName.size());
        byName.clear();
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
