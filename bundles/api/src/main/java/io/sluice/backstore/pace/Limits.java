package io.sluice.backstore.pace;

import io.sluice.config.LimitConfig;
import java.time.Duration;
import java.util.Objects;

/**
 * How much may begin in a second; 0 is no limit.
 *
 * @param iops operations of both directions together
 * @param readIops reads
 * @param writeIops writes, which unmaps and zero-writes are too
 * @param bandwidth bytes of both directions together
 * @param readBandwidth bytes read
 * @param writeBandwidth bytes written
 * @param burst for how long a limit that is not used may be saved up
 */
public record Limits(
        long iops,
        long readIops,
        long writeIops,
        long bandwidth,
        long readBandwidth,
        long writeBandwidth,
        Duration burst) {

    /** No limit at all. */
    public static final Limits NONE = new Limits(0, 0, 0, 0, 0, 0, Duration.ZERO);

    public Limits {
        Objects.requireNonNull(burst);
    }

    /** Returns the limits of the configuration; null stands for none. */
    public static Limits of(LimitConfig config) {
        return config == null
                ? NONE
                : new Limits(
                        config.iops(), 0, 0, config.bandwidthBytes(), 0, 0, Duration.ofMillis(config.burstMillis()));
    }

    /** Returns whether nothing is limited. */
    public boolean none() {
        return iops == 0
                && readIops == 0
                && writeIops == 0
                && bandwidth == 0
                && readBandwidth == 0
                && writeBandwidth == 0;
    }
}
