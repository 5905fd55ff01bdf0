package io.sluice.scsi.internal.unit;

import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.scsi.Sense;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how much space a thin unit takes, and tells initiators once when it is more than they want (SBC-4 4.7.3.7).
 * Thread-safe.
 */
public final class ProvisioningThreshold {

    private static final Logger LOG = LoggerFactory.getLogger(ProvisioningThreshold.class);

    /** Bytes that one count of a resource stands for (SBC-4 6.6.6, THRESHOLD EXPONENT). */
    public static final int SET_BYTES = 1 << 20;

    private static final long CHECK_EVERY_BYTES = 4 << 20;

    private final BlockDevice unit;
    private final AtomicLong unchecked = new AtomicLong(CHECK_EVERY_BYTES);
    private volatile boolean reached;

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
            measure().thenAccept(this::check);
        }
    }

    private void check(long allocatedBytes) {
        double share = 100.0 * allocatedBytes / unit.geometry().sizeBytes();
        boolean now = share >= unit.options().thresholdPercent();
        if (now && !reached) {
            unit.attention(nexus -> true, Sense.THIN_PROVISIONING_SOFT_THRESHOLD_REACHED);
            LOG.warn("unit={} takes {} % of its size", unit.name(), Math.round(share));
        }
        reached = now;
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
