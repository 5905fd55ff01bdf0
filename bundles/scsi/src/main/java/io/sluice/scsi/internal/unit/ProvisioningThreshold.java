package io.sluice.scsi.internal.unit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Capability;
import io.sluice.scsi.Sense;
import java.util.OptionalLong;
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
        OptionalLong allocated = allocatedBytes();
        if (allocated.isPresent()) {
            check(allocated.getAsLong());
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

    /** Returns the space that the unit takes, if its storage knows. */
    public OptionalLong allocatedBytes() {
        Backstore store = unit.storeIfReady();
        if (store == null || !store.capabilities().contains(Capability.ALLOCATION)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(store.allocatedBytes());
        } catch (BackstoreException failed) {
            LOG.warn("unit={} {}", unit.name(), failed.getMessage());
            return OptionalLong.empty();
        }
    }
}
