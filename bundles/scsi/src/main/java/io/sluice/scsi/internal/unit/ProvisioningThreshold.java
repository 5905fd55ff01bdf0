package io.sluice.scsi.internal.unit;

import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.FreeSpace;
import io.sluice.scsi.Sense;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how much a thin unit takes of the space that it can have, and tells initiators once when it is more than they
 * want (SBC-4 4.7.3.7). It can have its size, or less where what is free at its storage is less.
 * Thread-safe.
 */
public final class ProvisioningThreshold {

    private static final Logger LOG = LoggerFactory.getLogger(ProvisioningThreshold.class);

    /** Bytes that one count of a resource stands for (SBC-4 6.6.6, THRESHOLD EXPONENT). */
    public static final int SET_BYTES = 1 << 20;

    private static final long CHECK_EVERY_BYTES = 4 << 20;

    /** So much less than the threshold has to be in use before it can be reached again. */
    private static final int HYSTERESIS_PERCENT = 2;

    private static final CompletionStage<Long> UNLIMITED = CompletableFuture.completedFuture(Long.MAX_VALUE);

    private final BlockDevice unit;
    private final AtomicLong unchecked = new AtomicLong(CHECK_EVERY_BYTES);
    private final AtomicBoolean looking = new AtomicBoolean();

    /** What is told while the threshold is reached. */
    private volatile String problem = "";

    ProvisioningThreshold(BlockDevice unit) {
        this.unit = unit;
    }

    /** Takes notice of bytes that have been written. */
    public void wrote(long bytes) {
        if (unit.options().thresholdPercent() == 0 || unchecked.addAndGet(bytes) < CHECK_EVERY_BYTES) {
            return;
        }
        unchecked.set(0);
        if (measurable()) {
            look();
        }
    }

    /** Finds out whether the threshold is reached, unless that is being done; only if the storage is {@link #measurable}. */
    private void look() {
        if (looking.compareAndSet(false, true)) {
            CompletionStage<Long> free =
                    unit.volume().can(FreeSpace.class) ? unit.volume().freeBytes() : UNLIMITED;
            measure()
                    .thenAcceptBoth(free.exceptionally(unknown -> Long.MAX_VALUE), this::check)
                    .whenComplete((checked, unknown) -> looking.set(false));
        }
    }

    /** What others have taken where the unit is kept, it cannot have, whatever its size says. */
    private synchronized void check(long allocatedBytes, long freeBytes) {
        long size = unit.geometry().sizeBytes();
        long possible = freeBytes >= size - allocatedBytes ? size : allocatedBytes + freeBytes;
        long percent = possible == 0 ? 100 : (long) (100.0 * allocatedBytes / possible);
        int threshold = unit.options().thresholdPercent();
        boolean before = reached();
        if (percent < (before ? threshold - HYSTERESIS_PERCENT : threshold)) {
            problem = "";
            return;
        }
        if (!before) {
            unit.attention(nexus -> true, Sense.THIN_PROVISIONING_SOFT_THRESHOLD_REACHED);
            LOG.warn("unit={} takes {} % of the {} bytes that it can have", unit.name(), percent, possible);
        }
        problem = "it takes " + percent + " % of "
                + (possible < size ? "the space that it can have where it is kept: make room there" : "its size")
                + " (its threshold is " + threshold + " %)";
    }

    private boolean reached() {
        return !problem.isEmpty();
    }

    /** Returns what the operator should know while the threshold is reached, one line; empty otherwise. */
    public String problem() {
        if (reached() && measurable()) {
            look();
        }
        return problem;
    }

    /** Returns whether the storage knows how much space the unit takes. */
    public boolean measurable() {
        return unit.volume().can(AllocatedSpace.class);
    }

    /** Finds out the space that the unit takes; only if it is {@link #measurable}. */
    public CompletionStage<Long> measure() {
        return unit.volume().allocatedBytes().whenComplete((bytes, failure) -> {
            if (failure != null) {
                LOG.warn("unit={} its space cannot be found out: {}", unit.name(), failure.getMessage());
            }
        });
    }
}
