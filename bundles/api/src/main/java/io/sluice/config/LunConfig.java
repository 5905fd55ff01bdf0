package io.sluice.config;

import java.util.Objects;

/**
 * The mapping of a backstore into a target.
 *
 * @param lun logical unit number, 0 to 16,383
 * @param backstore name of the backstore
 * @param readOnly whether writes through this mapping are refused
 */
public record LunConfig(int lun, String backstore, boolean readOnly) {

    /** The largest number that flat space addressing holds (SAM-5 4.7.7.3). */
    public static final int MAX_LUN = 16_383;

    public LunConfig {
        Objects.requireNonNull(backstore);
        if (lun < 0 || lun > MAX_LUN) {
            throw new IllegalArgumentException("LUN " + lun + " is not from 0 to 16383");
        }
    }
}
