package io.sluice.scsi.target;

import io.sluice.backstore.pace.Limits;
import io.sluice.backstore.pace.Pacer;
import io.sluice.config.InitiatorConfig;
import io.sluice.volume.VolumeRuntime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * How fast initiators may use what they see: one limit for each initiator of the configuration, which all hosts share that it
 * is, with all their nexuses at all targets. A change counts at once, for commands that wait too. Thread-safe.
 */
public final class InitiatorLimits {

    /** How many initiators are counted by their names, over all targets. */
    static final int NAMED = 4096;

    private final Semaphore named = new Semaphore(NAMED);
    private final Pacer.Clock clock;
    private final Map<String, InitiatorLimit> limits = new ConcurrentHashMap<>();

    /** @param runtime wakes commands that wait, and begins them on its threads */
    public InitiatorLimits(VolumeRuntime runtime) {
        this(new RuntimeClock(runtime));
    }

    /** @param clock as {@link #InitiatorLimits(VolumeRuntime)}, with another time */
    public InitiatorLimits(Pacer.Clock clock) {
        this.clock = clock;
    }

    private record RuntimeClock(VolumeRuntime runtime) implements Pacer.Clock {

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void after(long delayNanos, Runnable action) {
            if (delayNanos > 0) {
                runtime.schedule(action, Duration.ofNanos(delayNanos));
            } else {
                runtime.execute(action);
            }
        }
    }

    Semaphore named() {
        return named;
    }

    /** Takes over the limits of all initiators of a configuration; who is not in it, or has none, has none from now on. */
    public synchronized void set(List<InitiatorConfig> initiators) {
        Map<String, InitiatorLimit> gone = new HashMap<>(limits);
        for (InitiatorConfig initiator : initiators) {
            gone.remove(initiator.name());
            Limits wanted = Limits.of(initiator.limits());
            if (!wanted.none() || limits.containsKey(initiator.name())) {
                of(initiator.name()).set(wanted, clock);
            }
        }
        gone.forEach((name, limit) -> {
            limits.remove(name);
            limit.set(Limits.NONE, clock);
        });
    }

    /** Returns the limit of an initiator, which may be none now and another one later. */
    InitiatorLimit of(String initiator) {
        return initiator.isEmpty()
                ? InitiatorLimit.NONE
                : limits.computeIfAbsent(initiator, name -> new InitiatorLimit());
    }
}
