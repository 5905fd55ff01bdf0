package io.sluice.volume;

import java.time.Duration;
import java.util.Objects;

/**
 * How patient a volume is.
 *
 * @param holdTime how long operations wait for a store that is away or is being replaced
 * @param holdLimit operations that wait at most; others fail at once
 * @param deadline how long a store may take for one operation
 */
public record VolumeSettings(Duration holdTime, int holdLimit, Duration deadline) {

    /** What suits most: hosts give a command 30 to 60 seconds. */
    public static final VolumeSettings DEFAULTS =
            new VolumeSettings(Duration.ofSeconds(20), 4096, Duration.ofSeconds(30));

    public VolumeSettings {
        Objects.requireNonNull(holdTime);
        Objects.requireNonNull(deadline);
        if (holdTime.isNegative() || holdLimit < 0 || deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException(
                    "times and limits of a volume are not negative, and a deadline is not zero");
        }
    }
}
